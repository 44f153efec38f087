"""Territorial registers: Polish TERC and Ukrainian KATOTTH as compact tables of facts."""
