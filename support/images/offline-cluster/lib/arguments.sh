# shellcheck shell=bash disable=SC2034 # the settings are read by the other parts
# The command line: k3s's flags and variables into settings.

# read_arguments MODE ARGS...: --key=value, --key value, --flag. What has no meaning here is kept in IGNORED.
read_arguments() {
  SERVER=${K3S_URL:-}
  TOKEN=${K3S_TOKEN:-}
  NODE=${K3S_NODE_NAME:-$HOSTNAME}
  NODE_IP=
  PORT=6443
  CLUSTER_CIDR=10.42.0.0/16
  SERVICE_CIDR=10.43.0.0/16
  KUBECONFIG_FILE=${K3S_KUBECONFIG_OUTPUT:-/etc/rancher/k3s/k3s.yaml}
  KUBECONFIG_MODE=${K3S_KUBECONFIG_MODE:-600}
  CLUSTER_DNS=yes
  ENCRYPT_SECRETS=no
  TLS_SANS=() NODE_LABELS=() NODE_TAINTS=() IGNORED=()
  APISERVER_ARGS=() CONTROLLER_MANAGER_ARGS=() SCHEDULER_ARGS=() KUBELET_ARGS=() PROXY_ARGS=()

  local mode=$1 key value
  shift
  while (($#)); do
    key=$1 value=
    shift
    if [[ $key == --*=* ]]; then
      value=${key#*=} key=${key%%=*}
    elif (($#)) && [[ $1 != -* ]]; then
      value=$1
      shift
    fi
    set_option "$key" "$value"
  done

  NODE=${NODE,,}
  if [[ $mode == agent ]]; then
    [[ $SERVER ]] || die "agent: --server (or K3S_URL) is needed, such as https://server:6443"
    [[ $TOKEN ]] || die "agent: --token (or K3S_TOKEN) is needed: the server has it in /var/lib/rancher/k3s/server/node-token"
  fi
  [[ $CLUSTER_CIDR == *.0.0/16 ]] || die "--cluster-cidr must be a /16 such as 10.42.0.0/16, not '$CLUSTER_CIDR'"
  [[ $SERVICE_CIDR == *.0/* ]] || die "--service-cidr must be a range such as 10.43.0.0/16, not '$SERVICE_CIDR'"
}

set_option() {
  local key=$1 value=$2 list
  case $key in
    --server | -s) SERVER=$value ;;
    --token | -t) TOKEN=$value ;;
    --node-name) NODE=$value ;;
    --node-ip | -i) NODE_IP=$value ;;
    --https-listen-port) PORT=$value ;;
    --cluster-cidr) CLUSTER_CIDR=$value ;;
    --service-cidr) SERVICE_CIDR=$value ;;
    --write-kubeconfig | -o) KUBECONFIG_FILE=$value ;;
    --write-kubeconfig-mode) KUBECONFIG_MODE=$value ;;
    --node-label) NODE_LABELS+=("$value") ;;
    --node-taint) NODE_TAINTS+=("$value") ;;
    --disable) # the only one of k3s's own that this image has
      [[ ,$value, == *,coredns,* ]] && CLUSTER_DNS=no || IGNORED+=("$key=$value") ;;
    --secrets-encryption)
      [[ $value == false ]] && ENCRYPT_SECRETS=no || ENCRYPT_SECRETS=yes
      return ;;
    --tls-san)
      IFS=, read -ra list <<<"$value"
      TLS_SANS+=("${list[@]}") ;;
    --kube-apiserver-arg) APISERVER_ARGS+=("--${value#--}") ;;
    --kube-controller-manager-arg | --kube-controller-arg) CONTROLLER_MANAGER_ARGS+=("--${value#--}") ;;
    --kube-scheduler-arg) SCHEDULER_ARGS+=("--${value#--}") ;;
    --kubelet-arg) KUBELET_ARGS+=("--${value#--}") ;;
    --kube-proxy-arg) PROXY_ARGS+=("--${value#--}") ;;
    *)
      IGNORED+=("$key${value:+=$value}")
      return ;;
  esac
  [[ $value ]] || die "$key needs a value"
}
