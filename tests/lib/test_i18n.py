import pytest
from django.utils import translation
from django.utils.translation import gettext

from infitah.lib.i18n import elided


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Avis de Agadir-Ida-Ou-Tanane : favorable", "Avis d’Agadir-Ida-Ou-Tanane : favorable"),
        ("L’avis de El Marsa", "L’avis d’El Marsa"),
        ("Le programme de <bdi>Ifrane</bdi>", "Le programme d’<bdi>Ifrane</bdi>"),
        ("Le programme de Maroc", "Le programme du Maroc"),
        ("Les membres de Oriental, à Oriental", "Les membres de l’Oriental, à l’Oriental"),
        ("de Le Tan à Le Tan, de Les Salines", "du Tan au Tan, des Salines"),
        ("à Agadir, de Tétouan, de Youssoufia, de Had Dra", "à Agadir, de Tétouan, de Youssoufia, de Had Dra"),
        ("de Marocaine", "de Marocaine"),
    ],
)
def test_french_joins_the_names_of_places(written: str, read: str) -> None:
    with translation.override("fr"):
        assert elided(written) == read
    with translation.override("ar"):
        assert elided(written) == written


def test_french_has_one_word_for_e_mail() -> None:
    with translation.override("fr"):
        said = [gettext("Email"), gettext("E-mail"), gettext("Enter a valid email address.")]
    assert said == ["E-mail", "E-mail", "Saisissez une adresse e-mail valide."]
