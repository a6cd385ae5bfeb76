#!/bin/sh
# Render the configuration from SITE_* and become Asterisk, as user asterisk.
set -eu

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$SITE_LOG_DIR/cel-custom" "$SITE_RECORDING_DIR"
    chown asterisk:asterisk /srv/asterisk "$SITE_LOG_DIR" "$SITE_LOG_DIR/cel-custom" \
        "$SITE_RECORDING_DIR"
    exec setpriv --reuid asterisk --regid asterisk --init-groups --bounding-set=-all \
        --inh-caps=-all --no-new-privs /bin/sh "$0"
fi

if [ -z "${SITE_MODULE_DIR:-}" ]; then
    SITE_MODULE_DIR=$(dirname "$(find /usr/lib -name app_queue.so | head -n 1)")
    export SITE_MODULE_DIR
fi
mkdir -p "$SITE_STATE_DIR/moh" "$SITE_STATE_DIR/keys" "$SITE_SPOOL_DIR" "$SITE_RUN_DIR" \
    "$SITE_LOG_DIR/cel-custom" "$SITE_LOG_DIR/cdr-custom"
python3 /opt/callfloor/render.py /opt/callfloor/site.defaults /opt/callfloor/etc "$SITE_ETC_DIR"

# cel_pgsql looks for its table when it is loaded and never again: give Postgres half a minute.
if [ "${SITE_CEL_PGSQL:-load}" = load ]; then
    python3 - "${SITE_PG_HOST:-127.0.0.1}" "${SITE_PG_PORT:-5432}" <<'PYTHON'
import socket, sys, time

for _ in range(30):
    try:
        socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1).close()
        break
    except OSError:
        time.sleep(1)
else:
    print("entrypoint: Postgres does not answer; call events go to the ledger only", file=sys.stderr)
PYTHON
fi
exec /usr/sbin/asterisk -f -C "$SITE_ETC_DIR/asterisk.conf"
