# shellcheck shell=bash
# The node's part: kubelet, kube-proxy, and a pod network of one bridge a node with a route to each other node.
# Calls to the API server use URL, CA, CERTIFICATE and KEY, which server.sh and agent.sh set.

api() { curl -sf --cacert "$CA" --cert "$CERTIFICATE" --key "$KEY" "$URL$1" "${@:2}"; }

# start_component NAME FUNCTION [ARGS...]: a Kubernetes binary with the flags that the function prints.
start_component() {
  local flags
  mapfile -t flags < <("${@:2}")
  start "$1" "$1" "${flags[@]}"
}

# start_kubelet [FLAG...]
start_kubelet() {
  kubelet_config "$CA" >"$RUN/kubelet.yaml"
  BOOTED=$(date -u +%FT%TZ)
  start_component kubelet kubelet_flags "$@"
}

start_proxy() { start_component kube-proxy proxy_flags; }

# The node is Ready, says the kubelet of this boot (an older heartbeat is the last boot's), and takes pods.
node_is_ready() {
  api "/api/v1/nodes/$NODE" | jq -e --arg booted "$BOOTED" '
    (.status.conditions // [] | any(.type == "Ready" and .status == "True" and .lastHeartbeatTime >= $booted))
    and (.spec.taints // [] | all(.key != "node.kubernetes.io/not-ready"))' >/dev/null
}

# start_network: follows the nodes for as long as this one lives. Own pod range: the bridge; another's: a route to it.
start_network() { start network follow_nodes; }

follow_nodes() {
  local type name range ip
  while true; do
    api '/api/v1/nodes?watch=1' -N | jq --unbuffered -r '
      .type as $type | .object
      | [$type, .metadata.name, .spec.podCIDR // "-", ([(.status.addresses // [])[] | select(.type == "InternalIP").address][0] // "-")]
      | @tsv' |
      while read -r type name range ip; do node_changed "$type" "$name" "$range" "$ip" || true; done || true
    sleep 1 # the API server ends a watch now and then
  done
}

# node_changed TYPE NAME RANGE IP
node_changed() {
  if [[ $3 == - ]]; then
    [[ $MODE != server || $1 == DELETED ]] || allocate_range "$2"
  elif [[ $2 == "$NODE" ]]; then
    configure_bridge "$3"
  elif [[ $1 == DELETED ]]; then
    ip route del "$3" via "$4"
  elif [[ $4 != - ]]; then
    ip route replace "$3" via "$4"
  fi
}

# allocate_range NAME: a free /24 of the cluster's /16. The server's own is always the first, so that it need not wait.
allocate_range() {
  local used range i=1
  range=${CLUSTER_CIDR%.*.*}.0.0/24
  if [[ $1 != "$NODE" ]]; then
    used=$(api /api/v1/nodes | jq -r '.items[].spec.podCIDR // empty')
    range=${CLUSTER_CIDR%.*.*}.$i.0/24
    while grep -qxF "$range" <<<"$used"; do
      i=$((i + 1))
      ((i < 256)) || { echo "no pod range is left for $1"; return 1; }
      range=${CLUSTER_CIDR%.*.*}.$i.0/24
    done
  fi
  api "/api/v1/nodes/$1" -X PATCH -o /dev/null -H 'Content-Type: application/merge-patch+json' \
    -d "{\"spec\":{\"podCIDR\":\"$range\",\"podCIDRs\":[\"$range\"]}}"
}

# configure_bridge RANGE: the network that containerd gives to this node's pods. The network agent makes it, pod by pod, with their
# rules loaded first.
configure_bridge() {
  local file=/etc/cni/net.d/10-k3s.conflist
  [[ -e /sys/class/net/cni0 ]] || add_bridge "${1%.*}.1/${1#*/}"
  ! grep -qs "\"$1\"" "$file" || return 0
  cat >"$file.tmp" <<END
{"cniVersion": "0.4.0", "name": "cbr0", "plugins": [{"type": "pod-network", "bridge": "cni0", "range": "$1", "capabilities": {"portMappings": true}}]}
END
  mv "$file.tmp" "$file"
}

# add_bridge ADDRESS/LENGTH: with a hardware address of its own, for without one it would change with the pods that come and go.
add_bridge() {
  ip -batch - <<END
link add cni0 address 0a:58:00:00:00:01 type bridge
address add $1 broadcast + dev cni0
link set cni0 up
END
}
