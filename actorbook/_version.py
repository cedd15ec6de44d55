"""The version, written once: the build, the package and package.json's test read it here."""

__version__ = "0.1.0"
