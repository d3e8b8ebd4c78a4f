"""Prescriptions that live on after their dossier is stored: dispensed in parts, replaced, cancelled, expired."""
