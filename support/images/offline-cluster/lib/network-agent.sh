# shellcheck shell=bash
# The agent that enforces NetworkPolicies (network-agent/): one a node, with a certificate of its own that lets it read
# pods, namespaces and policies.

AGENT_GROUP=network-agents

# start_network_agent FILE: FILE.crt and FILE.key are its certificate. What ends it does not end the node: its rules stay,
# no pod gets a network without it, and it is started again.
start_network_agent() {
  # What is IPv6 between pods of one bridge meets the rules too (IPv4 does already). A kernel without IPv6 has no such setting.
  sysctl -qw net.bridge.bridge-nf-call-ip6tables=1 2>/dev/null || true
  start network-agent keep_network_agent "$@"
}

keep_network_agent() {
  while true; do
    network-agent "$NODE" "$URL" "$CA" "$1.crt" "$1.key" "$RUN/network-agent" || echo "network-agent ended with status $?"
    sleep .2
  done
}

# network_agent_subject NODE
network_agent_subject() { echo "/O=$AGENT_GROUP/CN=network-agent:$1"; }

# On the server: what agents may read, and the certificates of other nodes' agents.
grant_network_agents() {
  create /apis/rbac.authorization.k8s.io/v1/clusterroles '{
    "metadata": {"name": "k3s-network-agent"},
    "rules": [
      {"apiGroups": [""], "resources": ["namespaces", "pods"], "verbs": ["get", "list", "watch"]},
      {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": ["get", "list", "watch"]}]}'
  bind_group k3s-network-agent k3s-network-agent "$AGENT_GROUP"
  start approval approve_network_agents
}

# Who holds the cluster's token may have a node, and so an agent's certificate; nothing else is approved here.
approve_network_agents() {
  local name request
  while true; do
    api "$REQUESTS?watch=1&fieldSelector=spec.signerName=$SIGNER" -N | jq --unbuffered -r '.object
      | select((.spec.groups // [] | index("system:bootstrappers")) and .spec.usages == ["client auth"] and (.status.conditions // []) == [])
      | [.metadata.name, .spec.request] | @tsv' |
      while read -r name request; do approve_network_agent "$name" "$request" || true; done || true
    sleep 1 # the API server ends a watch now and then
  done
}

# approve_network_agent NAME REQUEST
approve_network_agent() {
  [[ $(base64 -d <<<"$2" | openssl req -noout -subject -nameopt RFC2253) == "subject=CN=network-agent:"*",O=$AGENT_GROUP" ]] || return 0
  api "$REQUESTS/$1/approval" -X PATCH -o /dev/null -H 'Content-Type: application/merge-patch+json' \
    -d '{"status": {"conditions": [{"type": "Approved", "status": "True", "reason": "NetworkAgent", "message": "asked for with the token of nodes"}]}}'
}

REQUESTS=/apis/certificates.k8s.io/v1/certificatesigningrequests
SIGNER=kubernetes.io/kube-apiserver-client

# request_certificate FILE: on another node, by the cluster's token. The key never leaves the node.
request_certificate() {
  [[ ! -s $1.crt ]] || return 0
  local request name
  request=$(umask 077 && openssl req -config <(printf '[req]\ndistinguished_name=d\n[d]\n') -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
    -nodes -sha256 -keyout "$1.key" -subj "$(network_agent_subject "$NODE")" 2>/dev/null | base64 -w0)
  name=$(api_by_token "$REQUESTS" -H 'Content-Type: application/json' -d '{
    "metadata": {"generateName": "network-agent-"},
    "spec": {"signerName": "'"$SIGNER"'", "usages": ["client auth"], "request": "'"$request"'"}}' | jq -er .metadata.name) || die "the server takes no request for the network agent's certificate"
  await "a certificate for the network agent" fetch_certificate "$name" "$1.crt"
}

# fetch_certificate NAME FILE
fetch_certificate() {
  local certificate
  certificate=$(api_by_token "$REQUESTS/$1" | jq -er .status.certificate) || return 1
  base64 -d <<<"$certificate" >"$2"
}

api_by_token() { curl -sf --cacert "$CA" -H "Authorization: Bearer ${TOKEN##*:}" "$URL$1" "${@:2}"; }
