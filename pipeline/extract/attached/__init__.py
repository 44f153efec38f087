"""Files that pages offer: which there are, what kind each is, and the text in it, read in a process apart."""
