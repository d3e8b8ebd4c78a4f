"""The master index of persons: identifiers with history, provisional identities."""
