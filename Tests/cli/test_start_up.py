"""How long `apus -c 'SELECT 1'` takes. The figure is printed, never asserted."""

import statistics
import time


def test_start_up_is_reported(apus, notes):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        assert apus("-c", "SELECT 1").stdout == "_col0\n1\n"
        times.append(1000 * (time.perf_counter() - start))
    notes.append(
        f"apus -c 'SELECT 1': median of 20 runs {statistics.median(times):.1f} ms, "
        f"fastest {min(times):.1f} ms"
    )
