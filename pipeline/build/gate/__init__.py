"""What must hold before a snapshot is published: schema, expectations of sources, drift against the previous snapshot."""
