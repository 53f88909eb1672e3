from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.areas import queries as areas
from infitah.ground.areas.models import PolicyArea
from infitah.journey.evaluation.models import Review
from infitah.journey.projects.models import Activity, Project
from infitah.lib.forms import LEAST, LocalizedFormField, day, key, meaningful, past, seen, words
from infitah.lib.states import mark

from . import queries

LANGUAGES = ("ar", "fr", "en")  # a plan of the country is published abroad as well
KINDS = [(kind.value, kind.label) for kind in Review.OF_THE_PLAN]


def why() -> forms.CharField:
    """The reason of a change, which everyone reads."""
    help_text = _("Everyone reads it in the history of the plan, beside what stood before.")
    return words(_("Why does it change?"), help_text, rows=2, longest=500)


class Beginning(forms.Form):
    """The country's next plan."""

    cycle = LocalizedFormField(
        label=_("Action plan"), help_text=_("Its name with its years."), max_length=200, languages=LANGUAGES
    )
    title = LocalizedFormField(label=_("Title of the programme"), max_length=200, languages=LANGUAGES)
    starts_on = day(_("Begins on"))
    ends_on = day(_("Ends on"))
    source = forms.URLField(label=_("Where it is published"), max_length=400, assume_scheme="https")

    def clean(self) -> None:
        begins, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if begins and ends and ends <= begins:
            self.add_error("ends_on", _("A plan ends after it begins."))


class InForce(forms.Form):
    """The day since which a plan is in force."""

    adopted_on = day(
        _("In force since"), _("As published at its source. From then on it is only amended, in the open.")
    )

    def clean_adopted_on(self) -> date | None:
        return past(self.cleaned_data["adopted_on"])


class Amendment(forms.Form):
    """What a commitment says, and why it changes."""

    title = LocalizedFormField(label=_("Title"), max_length=200, languages=LANGUAGES)
    problem = LocalizedFormField(label=_("The problem"), rows=3, required=False, languages=LANGUAGES)
    solution = LocalizedFormField(label=_("What will be done"), rows=3, required=False, languages=LANGUAGES)
    results = LocalizedFormField(label=_("Expected results"), rows=3, required=False, languages=LANGUAGES)
    change = LocalizedFormField(
        label=_("Which rule or routine will change"), rows=2, required=False, languages=LANGUAGES
    )
    service = LocalizedFormField(label=_("Lead institution"), max_length=300, required=False, languages=LANGUAGES)
    partners = LocalizedFormField(label=_("Supporting institutions"), rows=2, required=False, languages=LANGUAGES)
    policy_areas = forms.ModelMultipleChoiceField(
        PolicyArea.objects.none(), label=_("Policy areas"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reference = forms.CharField(label=_("Number in the published plan"), max_length=20, required=False)
    source = forms.URLField(label=_("Published source"), max_length=400, required=False, assume_scheme="https")
    starts_on = day(_("Begins on"), required=False)
    ends_on = day(_("Ends on"), required=False)
    reason = why()
    seen = seen()

    def __init__(self, project: Project, *arguments: Any, **options: Any) -> None:
        said = {name: getattr(project, name) for name in self.base_fields if name not in {"reason", "seen"}}
        said["policy_areas"] = project.policy_areas.all()
        super().__init__(*arguments, initial={**said, "seen": mark(project, *said)}, **options)
        offered: Any = self.fields["policy_areas"]
        offered.queryset = areas.to_choose(project.policy_areas.all())
        offered.choices = areas.choices(offered.queryset)

    def clean(self) -> None:
        begins, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("A project ends after it begins."))


class Days(forms.Form):
    """The days of an activity, planned and real, and why they change."""

    planned_from = day(_("Planned from"), _("The days planned first stay shown; delays are counted from them."))
    planned_until = day(_("Planned until"))
    started_on = day(_("Really began on"), required=False)
    ended_on = day(_("Really ended on"), required=False)
    reason = why()

    def __init__(self, activity: Activity, *arguments: Any, **options: Any) -> None:
        days = {"planned_from": activity.moved_from or activity.planned_from}
        days |= {"planned_until": activity.moved_until or activity.planned_until}
        days |= {"started_on": activity.started_on, "ended_on": activity.ended_on}
        super().__init__(*arguments, initial=days, **options)

    def clean_started_on(self) -> date | None:
        return past(self.cleaned_data["started_on"])

    def clean_ended_on(self) -> date | None:
        return past(self.cleaned_data["ended_on"])

    def clean(self) -> None:
        for begins, ends in (("planned_from", "planned_until"), ("started_on", "ended_on")):
            first, last = self.cleaned_data.get(begins), self.cleaned_data.get(ends)
            if first and last and last < first:
                self.add_error(ends, _("An activity ends after it begins."))


class Reviewing(forms.Form):
    """What an independent reviewer published, on the official scales; what it does not judge stays open."""

    key = key()
    kind = forms.ChoiceField(label=_("Review"), choices=KINDS, widget=forms.RadioSelect)
    reviewer = forms.CharField(
        label=_("Reviewer"),
        help_text=_("The mechanism or person that published it, as named there."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reviewed_on = day(_("Published on"))
    source = forms.URLField(label=_("Link to the review"), max_length=400, assume_scheme="https")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, (label, steps) in queries.SCALES.items():
            choices = [("", _("Not judged by this review")), *steps.choices]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["words"] = LocalizedFormField(
            label=_("What it says, in short"), rows=3, required=False, languages=LANGUAGES
        )

    def clean_reviewed_on(self) -> date | None:
        return past(self.cleaned_data["reviewed_on"])

    def clean_reviewer(self) -> str:
        return meaningful(self.cleaned_data["reviewer"], shortest=LEAST)

    def clean(self) -> None:
        if not any(self.cleaned_data.get(name) for name in queries.SCALES):
            self.add_error("verifiable", _("A review judges something: give at least one of its answers."))
