"""The settings that change what a report contains, with their defaults."""

DEFAULTS = {
    "assessment.metrics.supported.contenttype": "SelfAssess",
    "assessment.metrics.supported.objecttype": "QuestionSet",
    "assessment.metrics.supported.primarycategories": "Practice Question Set",
    "assessment.metrics.bestscore.report": "true",
    "certificate.failedstatus": "",
    "csv.bom": "off",
    "csv.dialect": "rfc4180",
    "csv.formulaguard": "on",
    "csv.lineend": "lf",
    "csvcolumns": "",
    "pii.salt": "SunBird",
    "progress.nesteddepth": "1",
}


class SettingsError(ValueError):
    """A setting that nobody knows, or a value that it cannot have."""


class Settings:
    """Read by key; keys are compared without case."""

    def __init__(self, pairs=()):
        self._values = dict(DEFAULTS)
        for key, value in dict(pairs).items():
            if key.lower() not in DEFAULTS:
                raise SettingsError(f"setting {key}: unknown; known are {', '.join(sorted(DEFAULTS))}")
            self._values[key.lower()] = value

    def text(self, key):
        return self._values[key.lower()]

    def is_on(self, key):
        value = self.text(key).lower()
        if value not in ("on", "true", "yes", "1", "off", "false", "no", "0"):
            raise SettingsError(f"setting {key}: {value!r} is neither on nor off")
        return value in ("on", "true", "yes", "1")

    def number(self, key):
        return int(self.text(key))

    def list(self, key):
        """Split at commas and trimmed (design.md 6.1); empty items do not count."""
        return [item.strip() for item in self.text(key).split(",") if item.strip()]
