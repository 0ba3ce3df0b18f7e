# shellcheck shell=bash
# Keys, certificates and kubeconfig files. EC P-256, ten years; private to root.

# self_signed ARGS...: a key and a certificate by openssl, or the end with what openssl said.
self_signed() {
  local said
  said=$(umask 077 && openssl req -config <(printf '[req]\ndistinguished_name=d\n[d]\n') -x509 -newkey ec \
    -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -sha256 "$@" 2>&1) || die "openssl: $said"
}

# authority FILE NAME: FILE.crt and FILE.key, made once.
authority() {
  [[ -s $1.key ]] || self_signed -keyout "$1.key" -out "$1.crt" -subj "/CN=$2" -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature
}

# certificate FILE AUTHORITY SUBJECT [NAMES]: FILE.crt and FILE.key, for client and server use.
certificate() {
  self_signed -keyout "$1.key" -out "$1.crt" -CA "$2.crt" -CAkey "$2.key" -subj "$3" -addext basicConstraints=CA:FALSE \
    -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=clientAuth,serverAuth ${4:+-addext "subjectAltName=$4"}
}

# server_names: the names under which the API server may be called, as a subjectAltName.
server_names() {
  local name gateway names="DNS:localhost,IP:127.0.0.1,DNS:$NODE,DNS:$HOSTNAME,IP:$NODE_IP,IP:${SERVICE_CIDR%.*}.1"
  for name in kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local; do names+=",DNS:$name"; done
  # the host itself, as the container sees it
  gateway=$(ip -4 route show default | awk '{ print $3; exit }')
  for name in ${gateway:+"$gateway"} "${TLS_SANS[@]}"; do
    if [[ $name =~ ^[0-9.]+$|: ]]; then names+=",IP:$name"; else names+=",DNS:$name"; fi
  done
  echo "$names"
}

# kubeconfig FILE SERVER CA-FILE USER: USER is the lines under `user:`, by certificate_user or token_user.
kubeconfig() {
  mkdir -p "$(dirname "$1")"
  (umask 077 && cat >"$1") <<END
apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority-data: $(base64 -w0 "$3")
    server: $2
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
preferences: {}
users:
- name: default
  user:
$4
END
}
certificate_user() { printf '    client-certificate-data: %s\n    client-key-data: %s' "$(base64 -w0 "$1.crt")" "$(base64 -w0 "$1.key")"; }
token_user() { printf '    token: %s' "$1"; }
