"""Pages from web archives that still have them: their lists of captures, and the captures."""
