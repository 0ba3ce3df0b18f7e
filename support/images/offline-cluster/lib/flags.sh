# shellcheck shell=bash
# What each component is started with: one flag a line, or its configuration file, on stdout. These functions only
# read settings (arguments.sh, machine.sh, MINOR) and start nothing, so the tests run them for many releases.
#
# The differences between releases are the lines with `since` and `before`; everything else means the same from
# 1.20 to 1.36. Values are the components' defaults unless a comment says why not.

since() { ((MINOR >= $1)); }
before() { ((MINOR < $1)); }

etcd_flags() {
  local flags=(
    --name=default
    --data-dir="$DATA/server/db/etcd"
    --listen-client-urls=http://127.0.0.1:2379
    --advertise-client-urls=http://127.0.0.1:2379
    --listen-peer-urls=http://127.0.0.1:2380
    --initial-advertise-peer-urls=http://127.0.0.1:2380
    --initial-cluster=default=http://127.0.0.1:2380
    --logger=zap
  )
  printf '%s\n' "${flags[@]}"
}

apiserver_flags() {
  local issuer=https://kubernetes.default.svc.cluster.local flags
  flags=(
    --advertise-address="$NODE_IP"
    --secure-port="$PORT"
    --etcd-servers=http://127.0.0.1:2379
    --service-cluster-ip-range="$SERVICE_CIDR"
    --allow-privileged=true
    --profiling=false
    # who may call and do what: as k3s has it
    --anonymous-auth=false
    "--authorization-mode=Node,RBAC"
    --enable-admission-plugins=NodeRestriction
    --client-ca-file="$TLS/ca.crt"
    --token-auth-file="$TLS/tokens.csv"
    --enable-bootstrap-token-auth
    --tls-cert-file="$TLS/apiserver.crt"
    --tls-private-key-file="$TLS/apiserver.key"
    # to the kubelets
    --kubelet-client-certificate="$TLS/kubelet-client.crt"
    --kubelet-client-key="$TLS/kubelet-client.key"
    "--kubelet-preferred-address-types=InternalIP,Hostname"
    # to and from aggregated API servers
    --requestheader-client-ca-file="$TLS/front-proxy-ca.crt"
    --requestheader-allowed-names=front-proxy-client
    --requestheader-extra-headers-prefix=X-Remote-Extra-
    --requestheader-group-headers=X-Remote-Group
    --requestheader-username-headers=X-Remote-User
    --proxy-client-cert-file="$TLS/front-proxy.crt"
    --proxy-client-key-file="$TLS/front-proxy.key"
    --enable-aggregator-routing=true
    # service account tokens
    --service-account-issuer="$issuer"
    --api-audiences="$issuer,k3s"
    --service-account-key-file="$TLS/service.key"
    --service-account-signing-key-file="$TLS/service.key"
  )
  [[ $ENCRYPT_SECRETS == no ]] || flags+=(--encryption-provider-config="$ENCRYPTION")
  printf '%s\n' "${flags[@]}" "${APISERVER_ARGS[@]}"
}

controller_manager_flags() {
  local flags=(
    --kubeconfig="$TLS/controller-manager.kubeconfig"
    --authentication-kubeconfig="$TLS/controller-manager.kubeconfig"
    --authorization-kubeconfig="$TLS/controller-manager.kubeconfig"
    --bind-address=127.0.0.1
    --leader-elect=false
    --profiling=false
    --use-service-account-credentials
    --service-account-private-key-file="$TLS/service.key"
    --root-ca-file="$TLS/ca.crt"
    --cluster-signing-cert-file="$TLS/ca.crt"
    --cluster-signing-key-file="$TLS/ca.key"
    --cluster-cidr="$CLUSTER_CIDR"
    # nodeipam waits 10 s before its first range: node.sh allocates them. (Old names; new releases take both.)
    '--controllers=*,bootstrapsigner,tokencleaner,-nodeipam,-route'
    # tests make and delete namespaces all the time
    --kube-api-qps=300
    --kube-api-burst=600
    --concurrent-namespace-syncs=20
  )
  before 24 && flags+=(--port=0) # no port without authentication; the flag and the port are gone from 1.24
  printf '%s\n' "${flags[@]}" "${CONTROLLER_MANAGER_ARGS[@]}"
}

scheduler_flags() {
  local flags=(
    --config="$RUN/scheduler.yaml"
    --authentication-kubeconfig="$TLS/scheduler.kubeconfig"
    --authorization-kubeconfig="$TLS/scheduler.kubeconfig"
    --bind-address=127.0.0.1
    --leader-elect=false
  )
  printf '%s\n' "${flags[@]}" "${SCHEDULER_ARGS[@]}"
}

scheduler_config() {
  local version=v1
  before 25 && version=v1beta3
  before 23 && version=v1beta1
  cat <<END
apiVersion: kubescheduler.config.k8s.io/$version
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: $TLS/scheduler.kubeconfig, qps: 300, burst: 600}
leaderElection: {leaderElect: false}
enableProfiling: false
# a pod that waits for a GPU is tried again within a second of one coming free, not ten
podInitialBackoffSeconds: 1
podMaxBackoffSeconds: 1
END
  before 23 || return 0
  # these releases insist on a port without authentication when they have a configuration file: not for the network
  printf '%s\n' 'healthzBindAddress: 127.0.0.1:10251' 'metricsBindAddress: 127.0.0.1:10251'
}

# kubelet_flags [FLAG...]: the flags given are those of an agent's first registration.
kubelet_flags() {
  local flags=(
    --config="$RUN/kubelet.yaml"
    --kubeconfig="$AGENT/kubelet.kubeconfig"
    --hostname-override="$NODE"
    --node-ip="$NODE_IP"
    --root-dir=/var/lib/kubelet
    --cert-dir="$AGENT/pki"
    --volume-plugin-dir=/var/lib/kubelet/plugins_exec
    "$@"
  )
  before 24 && flags+=(--container-runtime=remote) # else Docker; gone from 1.27
  before 27 && flags+=(--container-runtime-endpoint="unix://$CONTAINERD_SOCKET")
  local IFS=,
  ((${#NODE_LABELS[@]} == 0)) || flags+=(--node-labels="${NODE_LABELS[*]}")
  ((${#NODE_TAINTS[@]} == 0)) || flags+=(--register-with-taints="${NODE_TAINTS[*]}")
  printf '%s\n' "${flags[@]}" "${KUBELET_ARGS[@]}"
}

# kubelet_config CA-FILE
kubelet_config() {
  cat <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $1}}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: $POD_CGROUP
clusterDNS: [${SERVICE_CIDR%.*}.10]
clusterDomain: cluster.local
failSwapOn: false
resolvConf: $RUN/resolv.conf
rotateCertificates: false
# A disk that is nearly full is the developer's, not the cluster's: evict late, and never collect imported images,
# which cannot be pulled again.
evictionHard: {imagefs.available: "1%", nodefs.available: "1%"}
imageGCHighThresholdPercent: 100
# Quick: GPUs that come or fall ill show on the Node within a second; no queue for pod status and events.
nodeStatusUpdateFrequency: 1s
nodeStatusReportFrequency: 1m
kubeAPIQPS: 100
kubeAPIBurst: 200
eventRecordQPS: 0
serializeImagePulls: false
# How full volumes are nobody asks, and to find out costs a run of du and find a volume.
volumeStatsAggPeriod: -1s
END
  since 27 && echo "containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET"
  since 31 && echo "failCgroupV1: false"
  return 0
}

proxy_flags() {
  local flags=(
    --kubeconfig="$AGENT/kubelet.kubeconfig"
    --hostname-override="$NODE"
    --proxy-mode=iptables
    --cluster-cidr="$CLUSTER_CIDR"
    --healthz-bind-address=127.0.0.1:10256
    --metrics-bind-address=127.0.0.1:10249
    # a Service is reachable soon; each round costs two dozen processes
    --iptables-min-sync-period=500ms
    # the host's settings are not a container's to change
    --conntrack-max-per-core=0
    --conntrack-tcp-timeout-established=0s
    --conntrack-tcp-timeout-close-wait=0s
  )
  printf '%s\n' "${flags[@]}" "${PROXY_ARGS[@]}"
}
