"""What ties two tracks, as data; all pairs are in the data of coverage."""

from initiatives.exchange.coverage import window


def between_as_json(between, *, source, target, system, period):
    """Records as far as the page lists them, beside the number of all. Weights are parts of a flow."""
    return {
        "conflict": system.code,
        **window(period),
        "source": source.code,
        "target": target.code,
        "both": between.both,
        "runs": [
            {
                "ref": str(run.initiative.ref),
                "title": run.initiative.title,
                "start": run.start.iso,
                "end": run.end.iso if run.end else None,
                "status": run.status.value,
            }
            for run in between.runs
        ],
        "there": _way(between.there),
        "back": _way(between.back),
    }


def _way(way):
    return {
        "number": way.number,
        "weights": [{"evidence": evidence, "weight": weight} for evidence, weight in way.weights.items()],
        "links": [
            {
                "source": str(link.source.ref),
                "target": str(link.target.ref),
                "kind": link.kind,
                "evidence": link.evidence,
                "weight": link.weight,
            }
            for link in way.links
        ],
    }
