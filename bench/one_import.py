"""Import the sheet given on standard input; tell the time it took and the most memory this process ever held."""

import resource
import sys
import time

import django

django.setup()

from infitah.ground.accounts.models import Person  # noqa: E402
from infitah.journey.ideas import actions  # noqa: E402
from infitah.journey.programmes.models import Programme  # noqa: E402

programme = Programme.objects.get(pk=int(sys.argv[1]))
by = Person.objects.filter(grants__territory=programme.place).latest("pk")
contents, began = sys.stdin.buffer.read(), time.perf_counter()
batch = actions.bring(programme, by=by, filename="sheet.xlsx", contents=contents)
looked = time.perf_counter()
size = actions.import_batch(batch, by=by)
done = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
batch.file.delete(save=False)
sys.stdout.write(
    f"{done - began:.1f} s (reading {looked - began:.1f}, importing {done - looked:.1f}), "
    f"{size} rows, peak {peak:.0f} MB"
)
