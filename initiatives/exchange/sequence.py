"""When each initiative of a system ran, as data."""

from initiatives.exchange.coverage import window


def sequence_as_json(sequence, *, system, phases, period):
    """Initiatives as far as the page draws them, beside the number of all. Dates in the precision that is shown."""
    refs = {run.initiative.pk: str(run.initiative.ref) for run in sequence.runs}
    return {
        "conflict": system.code,
        **window(period),
        "initiatives": sequence.counted,
        "planned": sequence.planned,
        "untagged": sequence.untagged,
        "undated": sequence.undated,
        "left_out": sequence.left_out,
        "tracks": [track.code for track in sequence.tracks],
        "phases": [{"kind": phase.kind, "start": phase.start.iso} for phase in phases],
        "runs": [_run(run) for run in sequence.runs],
        "links": [
            {
                "source": refs[link.source_id],
                "target": refs[link.target_id],
                "kind": link.kind,
                "evidence": link.evidence,
            }
            for link in sequence.links
        ],
    }


def _run(run):
    return {
        "ref": str(run.initiative.ref),
        "title": run.initiative.title,
        "status": run.status.value,
        "start": run.start.iso,
        "end": run.end.iso if run.end else None,
        "pauses": [{"from": since.iso, "until": until.iso if until else None} for since, until in run.pauses],
        "tracks": [{"track": track.code, "leads": leads} for track, leads in run.tracks],
    }
