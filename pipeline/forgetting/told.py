"""What a forgetting did, in words that repeat no term."""

from __future__ import annotations

from pipeline.forgetting.run import ForgetReport


def report_text(report: ForgetReport) -> str:
    """The report for people."""
    would = "would be " if report.is_plan else ""
    records = f"{report.captures} captures, {report.revisits} revisits and {report.other_records} other records"
    lines = [
        f"archive      {records} in {len(report.files)} files {would}replaced by tombstones",
        f"extracted    {report.lines} pages {would}left out",
        f"crawl state  {report.addresses} rows and {len(report.told)} logs and accounts {would}cleaned",
    ]
    lines += [f"snapshot     {name} {would}removed: {why}" for name, why in sorted(report.removed.items())]
    if not report.removed:
        lines.append("snapshots    none is concerned")
    if report.is_plan and report.latest is not None:
        lines.append(f"latest       {report.latest} would be made anew from the same files, without the person")
    if report.made_anew is not None:
        lines.append(f"latest       is now {report.made_anew}")
    if report.trouble is not None:
        lines.append(f"failed: {report.trouble}; mend it and run praktyki build")
    lines += [f"still names the person: {path}; no file of ours, or not to be cleaned: remove it" for path in report.residues]
    if report.unread:
        lines.append(
            f"{report.unread} damaged stretches of the archive cannot be looked into; run praktyki check-archive --repair,"
            " and remove the files *.damaged it puts aside when you need them no longer"
        )
    if not report.is_plan:
        what = "the person is" if report.terms else "all are"
        lines.append(f"objections   {report.objections} terms on the list; {what} kept out of later crawls and imports")
    return "\n".join(lines)
