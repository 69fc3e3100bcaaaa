"""OpenID Connect: people sign in at the institution's own provider, programs show its tokens."""
