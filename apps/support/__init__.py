"""Support of the platform inside one school: asked for, limited in time, visible to the school (TEN-6)."""
