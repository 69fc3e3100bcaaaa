"""Signing in and out: endpoints for programs, pages for people."""
