"""Calls of today in the browser tests' database, as many as a list of several pages needs."""

import psycopg

NUMBER_END = "0007"


def record_calls(url: str, count: int) -> None:
    """Calls of one campaign a second apart, the newest with the lowest number; every fifth busy."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE campaign, lead, lead_state, attempt CASCADE")
        connection.execute("INSERT INTO campaign (name) VALUES ('spring')")
        connection.execute(
            "INSERT INTO lead (campaign_id, phone, company, contact, call_list)"
            " SELECT campaign_id, '+86139' || lpad(n::text, 8, '0'), 'Company ' || n, 'Ms Chen',"
            " CASE WHEN n %% 2 = 0 THEN 'even' ELSE 'odd' END"
            " FROM campaign, generate_series(1, %s) AS n",
            (count,),
        )
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at, ringing_at, settled_at, settled_by, agent_disposition)"
            " SELECT gen_random_uuid(), lead_id, campaign_id, phone, 'carrier', '', 30, at, at, at,"
            " 'floor', 'interested' FROM (SELECT l.*, now()"
            " - interval '1 s' * row_number() OVER (ORDER BY lead_id) AS at FROM lead AS l) AS d"
        )
        connection.execute(
            "INSERT INTO call (call_id, attempt_id, linkedid, campaign, direction, number, agent,"
            " network_result, dialled_at, answered_at, ended_at, talk_seconds, answered, abandoned,"
            " valid, effective, rule_version, region, hangup_by, lead_id, call_list)"
            " SELECT attempt_id::text, attempt_id, attempt_id::text, 'spring', 'outbound', number,"
            " 'agent-1001', CASE WHEN right(number, 1) IN ('0', '5') THEN 'busy' ELSE 'answered'"
            " END, planned_at, planned_at + interval '4 s', planned_at + interval '200 s', 196,"
            " true, false, true, true, 'standard-1', '浙江', 'customer', lead_id, l.call_list"
            " FROM attempt INNER JOIN lead AS l USING (lead_id)"
        )
