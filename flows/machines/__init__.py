"""Several machines on one archive: who holds a unit, what expired, what is dispatched."""
