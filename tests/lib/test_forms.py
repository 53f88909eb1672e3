import pytest
from django import forms

from infitah.lib.forms import LEAST, LocalizedFormField, email, key, meaningful, readable, shown_name, words
from infitah.lib.i18n import Localized


class Sheet(forms.Form):
    title = LocalizedFormField(label="Title", max_length=20)
    story = LocalizedFormField(label="Story", rows=3, required=False)


@pytest.mark.parametrize("nothing", ["👍👍👍👍👍👍👍👍👍", "\u200b\u200b", "؟!…", " ", "ـــــــــــ"])
def test_what_nobody_can_read_is_refused(nothing: str) -> None:
    for shortest in (LEAST, 8):
        with pytest.raises(forms.ValidationError):
            meaningful(nothing, shortest=shortest)


@pytest.mark.parametrize("name", ["0612345678", "+212 6 12 34 56 78", "٠٦١٢٣٤٥٦٧٨", "a@example.org", "connard", "👍"])
def test_the_name_shown_beside_ones_words_is_a_name(name: str) -> None:
    with pytest.raises(forms.ValidationError):
        shown_name().clean(name)
    assert [shown_name().clean(each) for each in ("سعيد\u202e", "M.", "")] == ["سعيد", "M.", ""]


def test_a_remark_may_be_short_or_none_but_not_an_emoji_alone() -> None:
    assert (readable("نعم 👍"), readable("")) == ("نعم 👍", "")
    with pytest.raises(forms.ValidationError):
        readable("👍")


def test_people_s_words_are_cleaned_and_an_emoji_or_an_override_alone_is_refused() -> None:
    class Said(forms.Form):
        why = words("Why", shortest=LEAST)
        note = words("Note", required=False, shortest=8)

    assert Said({"why": " نعم\u202e ", "note": ""}).is_valid()
    for typed in ("\u202e", "👍", "", "\u200b"):
        assert "why" in Said({"why": typed}).errors
    said = Said({"why": " نعم\u202e ", "note": "trop"})
    assert not said.is_valid() and said.cleaned_data == {"why": "نعم"} and "note" in said.errors


def test_an_address_is_no_longer_than_what_keeps_it() -> None:
    long = f"{'a' * 64}@{'.'.join(['b' * 62] * 3)}.org"
    assert len(long) > 254
    with pytest.raises(forms.ValidationError):
        email("E-mail").clean(long)


def test_a_damaged_number_of_a_form_is_told_in_words_of_ours() -> None:
    for damaged in ("", "not-a-number"):
        with pytest.raises(forms.ValidationError, match="وصلت هذه الاستمارة ناقصة"):
            key().clean(damaged)


def test_both_languages_come_back_together() -> None:
    sheet = Sheet({"title_ar": " عنوان\u202e ", "title_fr": "Titre", "story_fr": "", "story_ar": " "})
    assert sheet.is_valid()
    assert sheet.cleaned_data == {"title": Localized(ar="عنوان", fr="Titre"), "story": Localized()}
    assert isinstance(sheet.cleaned_data["story"], Localized)


def test_one_language_is_enough_and_none_is_refused() -> None:
    assert Sheet({"title_fr": "Titre"}).is_valid()
    for typed in ({}, {"title_ar": "  "}, {"title_ar": "\u200b"}):
        assert "title" in Sheet(typed).errors


def test_a_text_that_is_too_long_is_refused_with_its_limit() -> None:
    assert "20" in Sheet({"title_ar": "ب" * 21}).errors["title"][0]


def test_each_input_tells_its_language_and_keeps_what_was_typed() -> None:
    shown = Sheet({"title_ar": "عنوان", "title_fr": '<"Titre">'}).as_p()
    assert 'name="title_ar" value="عنوان" lang="ar" dir="rtl"' in shown
    assert 'value="&lt;&quot;Titre&quot;&gt;" lang="fr" dir="ltr"' in shown
    assert shown.count("<textarea") == 2 and "required" not in shown
    assert 'value="قبل"' in str(Sheet(initial={"title": Localized(ar="قبل")})["title"])
