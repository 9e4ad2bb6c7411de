"""Tools that other people point at a spec, asked about every probe: `make readers`."""
