"""Personal data: found (finding), decided on (access), burnt and proved gone (redaction)."""
