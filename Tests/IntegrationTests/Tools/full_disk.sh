# Fills the disk of a data folder and makes room again. Runs in a mount namespace of its own.
# usage: full_disk.sh EXHAUST SAMPLE FOLDER     prints `name: result` lines
set -u
exhaust=$1 sample=$2 disk=$3
mkdir "$disk"
mount -t tmpfs -o size=16m tmpfs "$disk" || exit 1
export EXHAUST_DATA="$disk/data"
printf 'a password\n' >"$disk/password"

request() {
    "$exhaust" submit response-exhaust --batch sample-batch-1 --channel sample-org-1 --by admin --tag full \
        --password-file "$disk/password" --json
}
id() { sed -n 's/^{"requestId":"\([0-9A-F]*\)".*/\1/p'; }

"$exhaust" import "$sample" >&2 || exit 1
request=$(request | id)
before=$(sha256sum <"$EXHAUST_DATA/learners.db")

# All but so much room that the stores can note what happened.
head -c 64m /dev/zero >"$disk/filler" 2>/dev/null
truncate -s -128k "$disk/filler"

said=$("$exhaust" import "$sample" 2>&1 >/dev/null)
echo "import: $? $said"
if [ "$(sha256sum <"$EXHAUST_DATA/learners.db")" = "$before" ]; then echo "learners: unchanged"; fi
"$exhaust" work --once >&2
echo "failed: $("$exhaust" status "$request" --json)"

rm "$disk/filler"
request >&2
"$exhaust" work --once >&2
echo "mended: $("$exhaust" status "$request" --json)"
