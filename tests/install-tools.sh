#!/usr/bin/env bash
# Debian packages that the tests drive as peers and tools; installs only what is missing.
set -euo pipefail
packages=(
  python3 python3-grpcio python3-protobuf python3-cryptography # gRPC and signatures by implementations that are not ours
  protobuf-compiler                                            # messages for the Python peers
  socat                                                        # serial lines between processes
  gcc libc6-dev                                                # the C99 reference client of the till link
  curl                                                         # the samples of the sales API
  strace                                                       # failing system calls
  xmlsec1 libxml2-utils                                        # national XML: signatures and schemas, by tools that are not ours
  softhsm2 opensc libengine-pkcs11-openssl                     # a PKCS#11 token, its tool, and the engine by which OpenSSL uses its keys
  libp11-kit-dev                                               # the header of the interface of tokens
  systemd                                                      # its checker of service units
  openssl                                                      # certificates, requests and TLS by an implementation that is not ours
  nghttp2-client                                               # abuse of HTTP/2 by a client that is not ours
  libicu72                                                     # the domain's tests in Vietnam's culture, and the judge of composed text
)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"
