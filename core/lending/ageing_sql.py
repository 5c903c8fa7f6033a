"""The statement that ages every running loan at once, and what its parameters mean.

It is `core.lending.standing.risk_standing` in SQL: arrears with tolerance, grace and pauses; class, provision,
stage and expected loss; what was owing at default. A test holds it against that function over loans of every shape.
"""

_COLUMNS = (
    "aged_on",
    "days_past_due",
    "overdue_since",
    "overdue_principal",
    "overdue_interest",
    "overdue_fees",
    "overdue_penalties",
    "delinquent_since",
    "delinquent_days",
    "bucket",
    "outstanding",
    "loan_class",
    "is_uncured",
    "provision",
    "stage",
    "expected_loss",
    "last_late_on",
    "defaulted_on",
    "principal_at_default",
    "interest_at_default",
)

# Payments that came after the deadline of the day don't count for it, so they are added back.
INSTALMENTS_AS_OF = """
    rule AS (
        SELECT * FROM unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::int[])
            AS r(product, deadline, tolerance, grace_days)
    ), later AS (
        SELECT p.loan_id, (part ->> 'instalment')::int AS number,
               sum(coalesce((part ->> 'principal')::bigint, 0))::bigint AS principal,
               sum(coalesce((part ->> 'interest')::bigint, 0))::bigint AS interest,
               sum(coalesce((part ->> 'fees')::bigint, 0))::bigint AS fees,
               sum(coalesce((part ->> 'penalties')::bigint, 0))::bigint AS penalties
          FROM loan_event p
          JOIN loan l ON l.id = p.loan_id JOIN rule ON rule.product = l.product
          CROSS JOIN LATERAL jsonb_array_elements(p.parts) AS part
         WHERE p.kind = 'payment' AND p.reversed_by IS NULL
           AND p.event_at > (SELECT min(deadline) FROM rule) AND p.event_at > rule.deadline
         GROUP BY 1, 2
    ), unpaid AS (
        SELECT i.loan_id, i.number, i.due_on, rule.tolerance, rule.grace_days,
               i.principal - i.principal_paid + coalesce(later.principal, 0) AS principal,
               i.interest - i.interest_paid + coalesce(later.interest, 0) AS interest,
               i.fees - i.fees_paid + coalesce(later.fees, 0) AS fees,
               i.penalties - i.penalties_paid + coalesce(later.penalties, 0) AS penalties
          FROM loan l JOIN rule ON rule.product = l.product
          JOIN instalment i ON i.loan_id = l.id
          LEFT JOIN later ON later.loan_id = i.loan_id AND later.number = i.number
         WHERE l.status = 'active'
    )"""

ACCRUED_SINCE_DEFAULT = """(
    coalesce((SELECT sum(i.interest_recognised) FROM instalment i
               WHERE i.loan_id = s.loan_id AND i.due_on > s.defaulted_on AND i.due_on < $1), 0)
    + coalesce((SELECT sum(p.amount) FROM loan_penalty p
                 WHERE p.loan_id = s.loan_id AND p.for_day > s.defaulted_on), 0))::bigint"""
"""Interest and penalties of a loan's standing `s` since the day it went bad, up to a day: what in duplum counts."""

AGE_LOANS = f"""
WITH {INSTALMENTS_AS_OF}, bucket AS (
    SELECT * FROM unnest($6::text[], $7::text[], $8::int[], $9::int[]) AS b(product, name, from_days, to_days)
), band AS (
    SELECT c.*, lead(from_days) OVER (ORDER BY place) AS below_days
      FROM unnest($10::text[], $11::int[], $12::numeric[], $13::numeric[])
           WITH ORDINALITY AS c(loan_class, from_days, share, of, place)
), loss AS (
    SELECT e.*, lead(from_days) OVER (ORDER BY place) AS below_days
      FROM unnest($14::int[], $15::int[], $16::numeric[], $17::numeric[])
           WITH ORDINALITY AS e(stage, from_days, share, of, place)
), late AS (
    SELECT u.*, sum(principal + interest + fees + penalties)
                OVER (PARTITION BY loan_id ORDER BY due_on, number) AS so_far
      FROM unpaid u WHERE due_on < $1 AND principal + interest + fees + penalties > 0
), overdue AS (
    SELECT loan_id, min(due_on) FILTER (WHERE so_far > tolerance) AS since, max(grace_days) AS grace_days,
           sum(principal)::bigint AS principal, sum(interest)::bigint AS interest,
           sum(fees)::bigint AS fees, sum(penalties)::bigint AS penalties
      FROM late GROUP BY loan_id HAVING max(so_far) > max(tolerance)
), owing AS (
    SELECT loan_id, sum(principal)::bigint AS outstanding FROM unpaid GROUP BY loan_id
), paused AS (
    SELECT p.loan_id, bool_or($1 BETWEEN p.starts_on AND p.ends_on) AS is_active,
           sum(greatest(0, least(p.ends_on, $1) - greatest(p.starts_on, o.since)))::int AS days
      FROM ageing_pause p JOIN overdue o ON o.loan_id = p.loan_id GROUP BY p.loan_id
), aged AS (
    SELECT l.id AS loan_id, l.product, o.since, o.grace_days, coalesce($1 - o.since, 0) AS days,
           coalesce(greatest(0, $1 - o.since - o.grace_days - coalesce(paused.days, 0)), 0) AS delinquent_days,
           coalesce(paused.is_active, false) AS is_paused, owing.outstanding,
           coalesce(o.principal, 0) AS principal, coalesce(o.interest, 0) AS interest,
           coalesce(o.fees, 0) AS fees, coalesce(o.penalties, 0) AS penalties,
           s.bucket AS bucket_before, s.defaulted_on, s.principal_at_default, s.interest_at_default,
           CASE WHEN o.since IS NULL THEN s.last_late_on ELSE $1 END AS last_late_on
      FROM owing JOIN loan l ON l.id = owing.loan_id
      LEFT JOIN overdue o ON o.loan_id = owing.loan_id
      LEFT JOIN paused ON paused.loan_id = owing.loan_id
      LEFT JOIN loan_standing s ON s.loan_id = owing.loan_id
), renegotiated AS (
    SELECT DISTINCT ON (n.loan_id) n.loan_id, n.class_before,
           (SELECT count(*) FROM instalment i
             WHERE i.loan_id = n.loan_id AND i.due_on < $1
               AND i.due_on > greatest(n.renegotiated_on, a.last_late_on)) < $18 AS is_uncured
      FROM loan_renegotiation n JOIN aged a ON a.loan_id = n.loan_id
     WHERE n.renegotiated_on <= $1
     ORDER BY n.loan_id, n.renegotiated_on DESC
), classed AS (
    SELECT a.*, coalesce(n.is_uncured, false) AS is_uncured, by_days.place AS place_by_days,
           greatest(by_days.place, CASE WHEN n.is_uncured THEN kept.place END) AS place
      FROM aged a
      LEFT JOIN renegotiated n ON n.loan_id = a.loan_id
      JOIN band by_days ON a.days >= by_days.from_days
           AND (by_days.below_days IS NULL OR a.days < by_days.below_days)
      LEFT JOIN band kept ON kept.loan_class = n.class_before
), judged AS (
    SELECT c.*, band.loan_class, band.loan_class IN ('substandard', 'doubtful', 'loss') AS is_bad,
           div(2 * c.outstanding * band.share + band.of, 2 * band.of)::bigint AS provision
      FROM classed c JOIN band ON band.place = c.place
)
INSERT INTO loan_standing (loan_id, {", ".join(_COLUMNS)})
SELECT j.loan_id, $1, j.days, j.since, j.principal, j.interest, j.fees, j.penalties, j.since + j.grace_days,
       j.delinquent_days,
       CASE WHEN j.since IS NULL THEN NULL WHEN j.is_paused THEN j.bucket_before ELSE bucket.name END,
       j.outstanding, j.loan_class, j.is_uncured, j.provision, loss.stage,
       div(2 * j.outstanding * loss.share + loss.of, 2 * loss.of)::bigint, j.last_late_on,
       CASE WHEN j.loan_class = 'performing' THEN NULL
            WHEN j.defaulted_on IS NULL AND j.is_bad THEN $1 ELSE j.defaulted_on END,
       CASE WHEN j.loan_class = 'performing' THEN NULL
            WHEN j.defaulted_on IS NULL AND j.is_bad THEN j.outstanding ELSE j.principal_at_default END,
       CASE WHEN j.loan_class = 'performing' THEN NULL
            WHEN j.defaulted_on IS NULL AND j.is_bad THEN j.interest + j.penalties ELSE j.interest_at_default END
  FROM judged j
  LEFT JOIN bucket ON bucket.product = j.product AND j.delinquent_days >= bucket.from_days
       AND (bucket.to_days IS NULL OR j.delinquent_days <= bucket.to_days)
  LEFT JOIN loss by_days ON j.days >= by_days.from_days
       AND (by_days.below_days IS NULL OR j.days < by_days.below_days)
  JOIN loss ON loss.place = CASE WHEN j.is_uncured AND by_days.stage = 1
                                 THEN (SELECT min(place) FROM loss WHERE stage = 2) ELSE by_days.place END
ON CONFLICT (loan_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""
