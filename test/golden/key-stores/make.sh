#!/usr/bin/env bash
# Makes the certificates and key stores of this folder anew, by Java's keytool and by OpenSSL 3.
# Run it in an empty copy of the folder; each run makes other keys.
set -euo pipefail
password=key-store-password
days=36500
stored() { keytool -storepass "$password" "$@" 2>/dev/null; }

# signed NAME SUBJECT SAN [keytool's -startdate and -validity]: NAME.p12, signed by the authority, with its chain
signed() {
  local name=$1 subject=$2 san=$3
  shift 3
  stored -genkeypair -alias "$name" -keyalg EC -validity "$days" -dname "$subject" -keystore "$name.p12" -storetype PKCS12
  stored -certreq -alias "$name" -keystore "$name.p12" -file "$name.csr"
  stored -gencert -alias authority -keystore authority.p12 -infile "$name.csr" -outfile "$name.crt" -rfc -ext "SAN=$san" "$@"
  stored -importcert -noprompt -alias authority -file authority.pem -keystore "$name.p12"
  stored -importcert -noprompt -alias "$name" -file "$name.crt" -keystore "$name.p12"
  stored -delete -alias authority -keystore "$name.p12"
}
in_pem() {
  openssl pkcs12 -in "$1.p12" -passin "pass:$password" -nodes -nocerts | openssl pkcs8 -topk8 -nocrypt >"$1.key"
  openssl pkcs12 -in "$1.p12" -passin "pass:$password" -nokeys | sed -n '/BEGIN/,/END/p' >"$1.pem"
}
trusting() { stored -importcert -noprompt -alias authority -file authority.pem "$@"; }

stored -genkeypair -alias authority -keyalg EC -validity "$days" -dname 'CN=authority of tests' -ext bc:c -keystore authority.p12 -storetype PKCS12
stored -exportcert -rfc -alias authority -keystore authority.p12 -file authority.pem
signed server CN=server dns:localhost,ip:127.0.0.1 -validity "$days"
signed elsewhere CN=elsewhere dns:kafka1.example,dns:kafka2.example -validity "$days"
signed expired CN=expired dns:localhost,ip:127.0.0.1 -startdate 2020/01/01 -validity 1
signed client 'CN=client, O=Tests' dns:client -validity "$days"
for name in server elsewhere expired client; do in_pem "$name"; done

# The same client in all that Java and OpenSSL have made of key stores.
mv client.p12 client-java17.p12
from=(-importkeystore -srckeystore client-java17.p12 -srcstorepass "$password" -srcalias client -deststorepass "$password")
keytool "${from[@]}" -destkeystore client-java8.p12 -deststoretype PKCS12 -J-Dkeystore.pkcs12.legacy 2>/dev/null
keytool "${from[@]}" -destkeystore client.jks -deststoretype JKS -destkeypass another-key-password 2>/dev/null
keytool "${from[@]}" -destkeystore client.jceks -deststoretype JCEKS 2>/dev/null
openssl pkcs12 -export -inkey client.key -in client.pem -passout "pass:$password" -out client-openssl.p12
openssl pkcs12 -export -legacy -inkey client.key -in client.pem -passout "pass:$password" -out client-openssl1.p12
openssl pkcs8 -topk8 -in client.key -passout "pass:$password" -out client-encrypted.key
trusting -keystore trust-java17.p12 -storetype PKCS12
trusting -keystore trust-java8.p12 -storetype PKCS12 -J-Dkeystore.pkcs12.legacy
trusting -keystore trust.jks -storetype JKS
keytool -importcert -noprompt -alias authority -file authority.pem -keystore trust-open.p12 -storetype PKCS12 -storepass "$password" \
  -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE 2>/dev/null
# A user name and a password that are no ASCII: PKCS12 derives its keys from UTF-16.
keytool -importcert -noprompt -alias authority -file authority.pem -keystore trust-umlaut.jks -storetype JKS -storepass 'pässwörd€' 2>/dev/null
openssl pkcs12 -export -nokeys -in authority.pem -passout 'pass:pässwörd€' -out trust-umlaut.p12
rm -f ./*.csr ./*.crt authority.p12 server.p12 elsewhere.p12 expired.p12
