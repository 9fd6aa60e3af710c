"""Zones of the system's files as Apus reads them and as Python does."""

import datetime
import random
import zoneinfo

from answers import read_csv

UTC = datetime.timezone.utc


def test_every_zone_shows_the_same_times_as_python(apus):
    generator = random.Random(5)
    names = sorted(name for name in zoneinfo.available_timezones() if name[0].isupper())
    names.remove("Factory") if "Factory" in names else None
    assert len(names) > 400, "the system has no zones"
    rows = [
        (generator.randrange(-3_700_000_000, 7_200_000_000), name) for name in names for _ in range(4)
    ]
    values = ", ".join(f"({seconds}, '{name}')" for seconds, name in rows)
    # The time that clocks show, and the first point in time at which they show it.
    result = apus(
        "--format",
        "csv",
        "-f",
        "-",
        stdin="SELECT z, x, date_format(t, '%Y-%m-%d %H:%i:%s'), "
        "CAST(to_unixtime(with_timezone(CAST(t AS timestamp(0)), z)) AS bigint), "
        "date_format(with_timezone(CAST(from_unixtime(x) AS timestamp(0)), z), '%Y-%m-%d %H:%i:%s') "
        f"FROM (SELECT x, z, from_unixtime(x, z) AS t FROM (VALUES {values}) AS v (x, z)) AS w",
    )
    assert result.returncode == 0, result.stderr
    answers = read_csv(result.stdout)
    assert len(answers) == len(rows)
    wrong = []
    for (seconds, name), answer in zip(rows, answers):
        zone = zoneinfo.ZoneInfo(name)
        local = datetime.datetime.fromtimestamp(seconds, UTC).astimezone(zone)
        first = local.replace(fold=0).timestamp()
        # A time in UTC taken as one of the zone's; clocks may skip it.
        naive = datetime.datetime.fromtimestamp(seconds, UTC).replace(tzinfo=zone)
        shown = naive.astimezone(UTC).astimezone(zone)
        form = "%Y-%m-%d %H:%M:%S"
        expected = [
            name, str(seconds), local.strftime(form), str(int(first)), shown.strftime(form),
        ]
        if answer != expected:
            wrong.append((answer, expected))
    assert not wrong, wrong[:5]
