# shellcheck shell=bash disable=SC2034 # URL, CA, CERTIFICATE and KEY are for node.sh
# The control plane, and the server's own node.

ENCRYPTION=$DATA/server/cred/encryption-config.json

run_server() {
  URL=https://127.0.0.1:$PORT CA=$TLS/ca.crt CERTIFICATE=$TLS/admin.crt KEY=$TLS/admin.key
  start_component etcd etcd_flags
  make_certificates
  make_kubeconfigs
  log "certificates ready"
  [[ $ENCRYPT_SECRETS == no ]] || make_encryption_config

  start_component kube-apiserver apiserver_flags
  await "the API server" api /version
  log "API answers"
  configure_bridge "${CLUSTER_CIDR%.*.*}.0.0/24"
  start_network
  grant_network_agents
  start_network_agent "$TLS/network-agent"
  await_images
  start_kubelet
  await "the API server's own set-up" api /readyz
  log "API ready"
  start_component kube-controller-manager controller_manager_flags
  scheduler_config >"$RUN/scheduler.yaml"
  start_component kube-scheduler scheduler_flags
  bind_group k3s-node-proxy system:node-proxier system:nodes
  bind_group k3s-bootstrap system:node-bootstrapper system:bootstrappers
  bind_group k3s-bootstrap-approve system:certificates.k8s.io:certificatesigningrequests:nodeclient system:bootstrappers
  start_proxy
  deploy_dns
  await "node $NODE" node_is_ready
  log "node $NODE is Ready"
  await "the default ServiceAccount" default_account_exists
}

# Kept from the first boot on, but for the API server's own, which follows the container's address.
make_certificates() {
  local secret
  cd "$TLS" || return
  authority ca k3s-ca
  authority front-proxy-ca k3s-front-proxy-ca
  [[ -s service.key ]] || (umask 077 && openssl genrsa -out service.key 2048 2>/dev/null)
  certificate apiserver ca /CN=kube-apiserver "$(server_names)"
  cat ca.crt >>apiserver.crt # agents take the authority from the chain
  if [[ ! -s node.crt ]]; then
    certificate admin ca /O=system:masters/CN=system:admin
    certificate kubelet-client ca /O=system:masters/CN=kube-apiserver-kubelet-client
    certificate front-proxy front-proxy-ca /CN=front-proxy-client
    certificate controller-manager ca /CN=system:kube-controller-manager
    certificate scheduler ca /CN=system:kube-scheduler
    certificate network-agent ca "$(network_agent_subject "$NODE")"
    certificate node ca "/O=system:nodes/CN=system:node:$NODE"
  fi
  # The full token, as k3s writes it: K10<sha256 of the CA>::server:<secret>. The secret is the first boot's.
  (
    umask 077
    [[ -s ../token ]] || echo "${TOKEN:-$(openssl rand -hex 16)}" >../token
    secret=$(<../token)
    secret=${secret##*:}
    echo "K10$(sha256sum ca.crt | cut -d' ' -f1)::server:$secret" >../node-token
    echo "$secret,system:bootstrap:k3s,k3s,\"system:bootstrappers\"" >tokens.csv
  )
  cd /
}

# As k3s makes it: with a key of this cluster's own, unless the file is there already. Its name ends in .json, which is YAML, too.
make_encryption_config() {
  [[ ! -s $ENCRYPTION ]] || return 0
  mkdir -p "$(dirname "$ENCRYPTION")"
  (umask 077 && cat >"$ENCRYPTION") <<END
{"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": [{"resources": ["secrets"], "providers": [
  {"aescbc": {"keys": [{"name": "aescbckey", "secret": "$(openssl rand -base64 32)"}]}}, {"identity": {}}]}]}
END
}

make_kubeconfigs() {
  local name
  for name in controller-manager scheduler; do
    kubeconfig "$TLS/$name.kubeconfig" "$URL" "$CA" "$(certificate_user "$TLS/$name")"
  done
  kubeconfig "$AGENT/kubelet.kubeconfig" "$URL" "$CA" "$(certificate_user "$TLS/node")"
  kubeconfig "$KUBECONFIG_FILE" "$URL" "$CA" "$(certificate_user "$TLS/admin")"
  chmod "$KUBECONFIG_MODE" "$KUBECONFIG_FILE"
}

# bind_group NAME CLUSTERROLE GROUP: what agents need; there already on a later boot.
bind_group() {
  create /apis/rbac.authorization.k8s.io/v1/clusterrolebindings "{
    \"metadata\": {\"name\": \"$1\"},
    \"roleRef\": {\"apiGroup\": \"rbac.authorization.k8s.io\", \"kind\": \"ClusterRole\", \"name\": \"$2\"},
    \"subjects\": [{\"apiGroup\": \"rbac.authorization.k8s.io\", \"kind\": \"Group\", \"name\": \"$3\"}]}"
}

# create PATH OBJECT: unless it is there already.
create() {
  local code
  code=$(api "$1" -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d "$2") || true
  [[ $code == 201 || $code == 409 ]] || die "the API server answered $code to $1: $2"
}

# Pods can be made once the account is there; until 1.23 it comes with a token Secret, which they mount.
default_account_exists() {
  local wanted=.metadata.name
  before 24 && wanted='.secrets[0]'
  api /api/v1/namespaces/default/serviceaccounts/default | jq -e "$wanted"
}
