#!/bin/sh
# FEAT-123, from the developer's request to the entries in the log, with nothing but curl. For a server that is new:
#
#   HALYARD=http://127.0.0.1:8080 ADMIN=<the first administrator's token> sh samples/feat-123/walk-through.sh
set -eu
: "${HALYARD:?says where the server is}" "${ADMIN:?is an administrator\'s token}"
here=$(dirname "$0")

# call CREDENTIAL METHOD PATH [curl options]: the answer's body; whatever is no success ends it.
call() {
  credential=$1 method=$2 path=$3
  shift 3
  curl --silent --show-error --fail-with-body -X "$method" "$HALYARD$path" -H "Authorization: Bearer $credential" "$@"
}

# text NAME: the first member of that name, a text, of the JSON that comes in.
text() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

token() {
  call "$ADMIN" POST /api/v1/tokens -d "{\"name\":\"FEAT-123\",\"role\":\"$1\"}" | text secret
}

echo "Three people, a flag, and a policy: production needs a tech lead, then a product owner."
developer=$(token developer)
lead=$(token tech-lead)
owner=$(token product-owner)
call "$ADMIN" POST /api/v1/projects -d '{"key":"shop","name":"Shop"}' >/dev/null
call "$ADMIN" POST /api/v1/projects/shop/environments \
  -d '{"key":"production","name":"Production","type":"production","riskLevel":"high","reason":"begin"}' >/dev/null
call "$ADMIN" POST /api/v1/projects/shop/flags -d '{"key":"checkout","reason":"begin"}' >/dev/null

echo "What the policy would have made of that, before it is in force:"
printf '{"policies":%s}' "$(sed -n '/"policies"/,/^  \]/p' "$here/policies.json" | sed '1s/.*"policies"://')" |
  call "$ADMIN" POST /api/v1/policies/simulate -d @- | sed 's/,"differences.*//; s/^{/  /'
call "$ADMIN" PUT /api/v1/policies -d @"$here/policies.json" >/dev/null

flag=/api/v1/projects/shop/flags/checkout/environments/production/enable
why='{"reason":"FEAT-123 goes live","ticket":"FEAT-123"}'
echo "The developer asks what it would need:"
call "$developer" POST "$flag?dryRun=true" -d "$why" | text reason | sed 's/^/  /'
asked=$(call "$developer" POST "$flag" -d "$why")
request=$(echo "$asked" | sed 's/.*"changeRequest"://' | text id)
hash=$(echo "$asked" | sed 's/.*"changeRequest"://' | text hash)
echo "The developer asked: $request waits, with the content $hash"

# vote CREDENTIAL WHO: approves what was asked, by its hash.
vote() {
  answer=$(call "$1" POST "/api/v1/change-requests/$request/approve" -H "If-Match: \"$hash\"" -d '{}')
  echo "$2 approved: $(echo "$answer" | sed -n 's/.*"given":\([0-9]*\),"needed":\([0-9]*\).*/\1 of \2/p'), $(echo "$answer" | text state)"
}
vote "$lead" "The tech lead"
vote "$owner" "The product owner"

echo "The log has it all, the newest first:"
call "$ADMIN" GET "/api/v1/audit?changeRequest=$request" | tr ',' '\n' | sed -n 's/^.*"type":"\([a-z_.]*\)".*/  \1/p'
