"""The services: load, decide purely, keep, publish; one module for each capability."""
