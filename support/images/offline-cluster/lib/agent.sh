# shellcheck shell=bash disable=SC2034 # URL, CA, CERTIFICATE and KEY are for node.sh
# One more node: fetches the cluster's authority, gets a certificate for its kubelet by the token, joins.

run_agent() {
  local host=${SERVER#*://}
  host=${host%%/*}
  [[ $host == *:* ]] || host+=:6443
  CA=$AGENT/ca.crt CERTIFICATE=$AGENT/pki/kubelet-client-current.pem KEY=$AGENT/pki/kubelet-client-current.pem

  await "server $host" fetch_authority "$host"
  check_token
  URL=$(server_url "$host")
  kubeconfig "$AGENT/bootstrap.kubeconfig" "$URL" "$CA" "$(token_user "${TOKEN##*:}")"
  # The kubelet keeps the first server address that it met: after a restart it must be today's.
  [[ ! -s $CERTIFICATE ]] || kubeconfig "$AGENT/kubelet.kubeconfig" "$URL" "$CA" "$(file_user "$CERTIFICATE")"
  request_certificate "$AGENT/network-agent"
  start_network_agent "$AGENT/network-agent"
  await_images
  start_kubelet --bootstrap-kubeconfig="$AGENT/bootstrap.kubeconfig"
  await "a certificate for node $NODE" test -s "$AGENT/kubelet.kubeconfig"
  start_proxy
  start_network
  await "node $NODE" node_is_ready
}

file_user() { printf '    client-certificate: %s\n    client-key: %s' "$1" "$1"; }

# fetch_authority HOST:PORT: the last certificate of the chain that the server sends.
fetch_authority() {
  local chain
  chain=$(timeout 5 openssl s_client -connect "$1" -showcerts </dev/null 2>/dev/null) || return 1
  awk '/BEGIN CERT/ { one = "" } { one = one $0 "\n" } /END CERT/ { last = one } END { printf "%s", last }' <<<"$chain" >"$CA"
  [[ -s $CA ]]
}

# A full token (K10<sha256 of the CA>::...) pins the authority.
check_token() {
  [[ $TOKEN == K10*::* ]] || return 0
  local pinned=${TOKEN%%::*}
  [[ ${pinned#K10} == "$(sha256sum "$CA" | cut -d' ' -f1)" ]] || die "agent: the server's certificate authority is not the token's"
}

# server_url HOST:PORT: by name if the server's certificate has the name, else by address, which it always has.
server_url() {
  local name=${1%:*} port=${1##*:} address
  if ! openssl s_client -connect "$1" -CAfile "$CA" -verify_hostname "$name" -verify_return_error </dev/null &>/dev/null &&
    address=$(getent ahostsv4 "$name" | awk '{ print $1; exit }') && [[ $address ]]; then
    name=$address
  fi
  echo "https://$name:$port"
}
