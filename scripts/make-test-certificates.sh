#!/usr/bin/env bash
# Makes the test files of crates/core/tests/certificates with independent tools: openssl 3 and node:crypto.
# They are committed, so that the tests need neither; run this only to add one (it replaces all of them).
#
#   bash scripts/make-test-certificates.sh
#
# Every key here is public: none of them may ever be trusted by anything.
set -euo pipefail

folder="$(cd "$(dirname "$0")/.." && pwd)/crates/core/tests/certificates"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -rf "$folder"
mkdir -p "$folder"
cd "$work"

password='pass:hunter2'
umlauts='pass:pässwörd'
decades=36500

# openssl talks on stderr when all is well, too.
openssl() { command openssl "$@" 2> messages || { cat messages >&2; return 1; }; }
rsa() { openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1.key"; }
self_signed() { openssl req -new -x509 -key "$1.key" -subj "/CN=$1" -days $decades -out "$1.crt"; }
# A certificate for NAME's key, issued by ISSUER, an authority or not.
issued() {
  openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
  printf 'basicConstraints=critical,CA:%s\n' "$3" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -days $decades -extfile "$1.ext" -out "$1.crt"
}
# A certificate for the leaf's key that is valid between two moments (openssl x509 of version 3.0 cannot set them).
valid_between() {
  : > index.txt
  printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\nrand_serial=yes\n[p]\ncommonName=supplied\n' > ca.conf
  openssl req -new -key leaf.key -subj "/CN=$1" -out "$1.csr"
  openssl ca -batch -notext -config ca.conf -keyfile root.key -cert root.crt -in "$1.csr" -startdate "$2" -enddate "$3" -out "$1.crt"
}
pfx() { local name="$1"; shift; openssl pkcs12 -export -inkey leaf.key -in leaf.crt -out "$folder/$name.pfx" "$@"; }

rsa root 2048; self_signed root
rsa intermediate 2048; issued intermediate root TRUE
rsa leaf 2048; issued leaf intermediate FALSE
rsa other 2048; self_signed other
for bits in 3072 4096; do rsa "rsa$bits" $bits; self_signed "rsa$bits"; cat "rsa$bits.key" "rsa$bits.crt" > "$folder/rsa$bits.pem"; done
openssl rsa -in leaf.key -traditional -out leaf.pkcs1

# What the tests compare with.
cp leaf.crt "$folder/leaf.crt"
cp intermediate.crt "$folder/intermediate.crt"
cp root.crt "$folder/root.crt"
node - leaf.crt "$folder/leaf.json" <<'NODE'
const { X509Certificate, createHash } = require('node:crypto')
const { readFileSync, writeFileSync } = require('node:fs')
const [certificate, out] = process.argv.slice(2)
const { raw } = new X509Certificate(readFileSync(certificate))
const thumbprint = (algorithm) => createHash(algorithm).update(raw).digest('base64url')
writeFileSync(out, JSON.stringify({ 'x5t#S256': thumbprint('sha256'), x5t: thumbprint('sha1') }) + '\n')
NODE

# PEM
cat leaf.key leaf.crt > "$folder/pkcs8.pem"
cat leaf.crt leaf.pkcs1 > "$folder/pkcs1.pem"
cat root.crt other.crt leaf.key intermediate.crt leaf.crt > "$folder/chain-shuffled.pem"
sed 's/$/\r/' "$folder/pkcs8.pem" > "$folder/crlf.pem"
{ printf '\xef\xbb\xbfBag Attributes\n    friendlyName: leaf\n'; cat leaf.crt; printf 'Key Attributes: <No Attributes>\n'; cat leaf.key; } > "$folder/commented.pem"
encrypted() { local name="$1"; shift; { openssl pkcs8 -topk8 -in leaf.key "$@"; cat leaf.crt; } > "$folder/$name.pem"; }
encrypted encrypted-aes256 -v2 aes-256-cbc -passout $password
encrypted encrypted-aes128-sha1 -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout $password
encrypted encrypted-3des -v2 des3 -passout $password
encrypted encrypted-scrypt -scrypt -passout $password
encrypted encrypted-umlauts -v2 aes-256-cbc -passout "$umlauts"
node - leaf.key leaf.crt "$folder/encrypted-node.pem" <<'NODE'
const { createPrivateKey } = require('node:crypto')
const { readFileSync, writeFileSync } = require('node:fs')
const [key, certificate, out] = process.argv.slice(2)
const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-192-cbc', passphrase: 'hunter2' }
writeFileSync(out, createPrivateKey(readFileSync(key)).export(options) + readFileSync(certificate, 'utf8'))
NODE

# PKCS#12
pfx aes256 -passout $password
pfx 3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -passout $password
pfx rc2-40 -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg SHA1 -passout $password
pfx no-mac -nomac -passout $password
pfx plain -keypbe NONE -certpbe NONE -nomac -passout pass:
pfx empty-password -passout pass:
pfx umlauts -passout "$umlauts"
pfx umlauts-3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -passout "$umlauts"
cat other.crt root.crt intermediate.crt > more.crt
pfx windows -keysig -CSP 'Microsoft Software Key Storage Provider' -passout $password
pfx several -certfile more.crt -passout $password
base64 -w 64 "$folder/aes256.pfx" > "$folder/aes256.pfx.base64"

# What has to be refused, each for its own reason.
valid_between expired 20000101000000Z 20010101000000Z
valid_between not-yet-valid 20990101000000Z 21240101000000Z
for name in expired not-yet-valid; do cat leaf.key $name.crt > "$folder/$name.pem"; done
encrypted refused-pbes1 -v1 PBE-SHA1-3DES -passout $password
{ openssl rsa -in leaf.key -traditional -aes128 -passout $password; cat leaf.crt; } > "$folder/refused-proc-type.pem"
pfx refused-rc2-128 -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-128 -macalg SHA1 -passout $password
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key; self_signed ec
cat ec.key ec.crt > "$folder/refused-ec.pem"
{ openssl ec -in ec.key; cat ec.crt; } > "$folder/refused-ec-sec1.pem"
openssl pkcs12 -export -inkey ec.key -in ec.crt -out "$folder/refused-ec.pfx" -passout $password
rsa rsa1024 1024; self_signed rsa1024; cat rsa1024.key rsa1024.crt > "$folder/refused-rsa1024.pem"
cat leaf.key other.key leaf.crt > "$folder/refused-two-keys.pem"
cp leaf.crt "$folder/refused-no-key.pem"
cp leaf.key "$folder/refused-no-certificate.pem"
cat leaf.key other.crt > "$folder/refused-other-key.pem"
openssl pkcs12 -export -nokeys -in leaf.crt -out "$folder/refused-no-key.pfx" -passout $password
openssl x509 -in leaf.crt -outform DER -out "$folder/refused-certificate.der"
printf 'PK\003\004 neither PEM nor PKCS#12\n' > "$folder/refused-other.bin"

chmod 644 "$folder"/*
echo "made $(ls "$folder" | wc -l) files"
