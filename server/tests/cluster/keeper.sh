# A throw-away PostgreSQL: says where its socket is and obeys until its input ends, however whoever started it ended. $1 is the folder
# of PostgreSQL's programs, $2 one setting of the server: tests wait for no disk.
set -eu
trap '' INT TERM HUP
dir=$(mktemp -d /tmp/phone-verify-postgres.XXXXXX)
trap 'rm -rf "$dir"' EXIT
run() {
    "$@" >>"$dir/log" 2>&1 </dev/null || { cat "$dir/log" >&2; exit 1; }
}
run "$1/initdb" --pgdata="$dir/data" --username=test --auth=trust --encoding=UTF8 --locale=C --no-sync
server="-k $dir -c listen_addresses= -c max_connections=1000 -c ${2:-fsync=off}"
run "$1/pg_ctl" start -D "$dir/data" -w -l "$dir/log" -o "$server"
trap '"$1/pg_ctl" stop -D "$dir/data" -m immediate -w >/dev/null 2>&1; rm -rf "$dir"' EXIT
echo "$dir"
while read -r word; do
    case $word in
        stop) run "$1/pg_ctl" stop -D "$dir/data" -m immediate -w ;;
        start) run "$1/pg_ctl" start -D "$dir/data" -w -l "$dir/log" -o "$server" ;;
    esac
    echo done
done
