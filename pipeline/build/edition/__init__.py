"""What a snapshot holds beside its tables: packages, dictionary, CSV, changes, report and explorer."""
