#!/usr/bin/env bash
# Creates the test files of crates/core/tests/certificates with independent tools: openssl 3, its library (called from python3) and
# node:crypto. They are committed, so that the tests need none of the tools; run this only to add one (it replaces all of them).
#
#   bash scripts/make-test-certificates.sh
#
# Every key here is public: trust none of them.
set -euo pipefail

folder="$(cd "$(dirname "$0")/.." && pwd)/crates/core/tests/certificates"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
rm -rf "$folder"
mkdir -p "$folder"
cd "$work"

password='pass:hunter2'
umlauts='pass:pässwörd'

# openssl writes to stderr when it succeeds, too.
openssl() { command openssl "$@" 2> messages || { cat messages >&2; return 1; }; }
rsa() { openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1.key"; }
# Creates a certificate NAME for the key KEY, issued by ISSUER (itself: self-signed), valid from one time to another, with openssl ca,
# because openssl x509 of version 3.0 cannot set both.
certificate() {
  local name="$1" key="$2" issuer="$3" is_authority="$4" from="$5" until="$6"
  local by=(-keyfile "$issuer.key" -cert "$issuer.crt")
  if [ "$name" = "$issuer" ]; then by=(-keyfile "$key.key" -selfsign); fi
  : > index.txt
  printf 'basicConstraints=critical,CA:%s\n' "$is_authority" > "$name.ext"
  openssl req -new -key "$key.key" -subj "/CN=$name" -out "$name.csr"
  openssl ca -batch -notext -config ca.conf "${by[@]}" -in "$name.csr" -extfile "$name.ext" \
    -startdate "$from" -enddate "$until" -out "$name.crt"
}
for_decades() { certificate "$1" "$1" "$2" "$3" 20200101000000Z 21200101000000Z; }
printf '%s\n' '[ca]' 'default_ca=c' '[c]' 'database=index.txt' 'new_certs_dir=.' 'default_md=sha256' 'policy=p' \
  'unique_subject=no' 'rand_serial=yes' '[p]' 'commonName=supplied' > ca.conf
pfx() { local name="$1"; shift; openssl pkcs12 -export -inkey leaf.key -in leaf.crt -out "$folder/$name.pfx" "$@"; }

rsa root 2048; for_decades root root TRUE
rsa intermediate 2048; for_decades intermediate root TRUE
rsa leaf 2048; for_decades leaf intermediate FALSE
rsa other 2048; for_decades other other FALSE
for bits in 3072 4096; do rsa "rsa$bits" $bits; for_decades "rsa$bits" "rsa$bits" FALSE; cat "rsa$bits.key" "rsa$bits.crt" > "$folder/rsa$bits.pem"; done
openssl rsa -in leaf.key -traditional -out leaf.pkcs1

# The expected results of the tests.
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
# An absent password differs from an empty one. Only openssl's library can write it, not its program.
python3 - leaf.key leaf.crt "$folder/no-password.pfx" <<'PYTHON'
import ctypes, ctypes.util, sys
crypto = ctypes.CDLL(ctypes.util.find_library('crypto'))
def function(name, *arguments):
    found = getattr(crypto, name)
    found.restype, found.argtypes = ctypes.c_void_p, arguments
    return found
pointer, number = ctypes.c_void_p, ctypes.c_int
opened = function('BIO_new_file', ctypes.c_char_p, ctypes.c_char_p)
key, certificate = (
    function(f'PEM_read_bio_{kind}', *[pointer] * 4)(opened(file.encode(), b'r'), None, None, None)
    for kind, file in zip(('PrivateKey', 'X509'), sys.argv[1:])
)
create = function('PKCS12_create', *[pointer] * 5, *[number] * 5)
triple_des = 146  # NID_pbe_WithSHA1And3_Key_TripleDES_CBC
archive = create(None, None, key, certificate, None, triple_des, triple_des, 2048, 2048, 0)
out = opened(sys.argv[3].encode(), b'wb')
assert function('i2d_PKCS12_bio', pointer, pointer)(out, archive), 'not written'
function('BIO_free_all', pointer)(out)
PYTHON
pfx umlauts -passout "$umlauts"
pfx umlauts-3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -passout "$umlauts"
cat other.crt root.crt intermediate.crt > more.crt
pfx windows -keysig -CSP 'Microsoft Software Key Storage Provider' -passout $password
for hash in sha1 sha224 sha384 sha512 sha512-224 sha512-256; do pfx "sealed-$hash" -macalg $hash -passout $password; done
pfx several -certfile more.crt -passout $password
base64 -w 64 "$folder/aes256.pfx" > "$folder/aes256.pfx.base64"
# An EC key with its certificate, and the RSA key with its own behind it. openssl writes one key an archive: the safes
# of two of its archives are put into one (RFC 7292 section 4).
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key; for_decades ec ec FALSE
openssl pkcs12 -export -inkey ec.key -in ec.crt -keypbe NONE -certpbe NONE -nomac -passout pass: -out ec-plain.pfx
node - "ec-plain.pfx" "$folder/plain.pfx" "$folder/ec-beside-rsa.pfx" <<'NODE'
const { readFileSync, writeFileSync } = require('node:fs')
const [first, second, out] = process.argv.slice(2)
const length = (size) => (size < 128 ? [size] : [0x82, size >> 8, size & 255])
const wrap = (tag, ...parts) => Buffer.concat([Buffer.from([tag, ...length(Buffer.concat(parts).length)]), ...parts])
const elements = (content) => {
  if (content.length === 0) return []
  const sizes = content[1] < 128 ? 0 : content[1] - 128
  const size = sizes === 0 ? content[1] : content.readUIntBE(2, sizes)
  const [begin, end] = [2 + sizes, 2 + sizes + size]
  return [{ whole: content.subarray(0, end), inner: content.subarray(begin, end) }, ...elements(content.subarray(end))]
}
const parts = (file) => {
  const [version, data] = elements(elements(readFileSync(file))[0].inner)
  const [type, explicit] = elements(data.inner)
  const octets = elements(explicit.inner)[0]
  return { version: version.whole, type: type.whole, safes: elements(octets.inner)[0].inner }
}
const { version, type, safes } = parts(first)
const octets = wrap(0x04, wrap(0x30, safes, parts(second).safes))
writeFileSync(out, wrap(0x30, version, wrap(0x30, type, wrap(0xa0, octets))))
NODE

# Files that must be refused, each for a different reason.
certificate expired leaf root FALSE 20000101000000Z 20010101000000Z
certificate not-yet-valid leaf root FALSE 20990101000000Z 21200101000000Z
for name in expired not-yet-valid; do cat leaf.key $name.crt > "$folder/$name.pem"; done
encrypted refused-pbes1 -v1 PBE-SHA1-3DES -passout $password
{ openssl rsa -in leaf.key -traditional -aes128 -passout $password; cat leaf.crt; } > "$folder/refused-proc-type.pem"
encrypted refused-costly -v2 aes-256-cbc -iter 20000000 -passout $password
pfx refused-rc2-128 -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-128 -macalg SHA1 -passout $password
pfx refused-costly -iter 20000000 -passout $password
# A file that openssl reads, with an indefinite length of its outermost element.
{ printf '\x30\x80'; tail -c +5 "$folder/aes256.pfx"; printf '\0\0'; } > "$folder/refused-indefinite.pfx"
openssl pkcs12 -in "$folder/refused-indefinite.pfx" -passin $password -nodes -out /dev/null
cat ec.key ec.crt > "$folder/refused-ec.pem"
{ openssl ec -in ec.key; cat ec.crt; } > "$folder/refused-ec-sec1.pem"
openssl pkcs12 -export -inkey ec.key -in ec.crt -out "$folder/refused-ec.pfx" -passout $password
# Keys of other kinds are refused before their certificate is read.
for kind in ed25519 rsa-pss; do { openssl genpkey -quiet -algorithm $kind; cat leaf.crt; } > "$folder/refused-$kind.pem"; done
rsa rsa1024 1024; for_decades rsa1024 rsa1024 FALSE; cat rsa1024.key rsa1024.crt > "$folder/refused-rsa1024.pem"
cat leaf.key other.key leaf.crt > "$folder/refused-two-keys.pem"
cp leaf.crt "$folder/refused-no-key.pem"
cp leaf.key "$folder/refused-no-certificate.pem"
cat leaf.key other.crt > "$folder/refused-other-key.pem"
openssl pkcs12 -export -nokeys -in leaf.crt -out "$folder/refused-no-key.pfx" -passout $password
openssl x509 -in leaf.crt -outform DER -out "$folder/refused-certificate.der"
printf 'PK\003\004 neither PEM nor PKCS#12\n' > "$folder/refused-other.bin"

chmod 644 "$folder"/*
echo "made $(ls "$folder" | wc -l) files"
