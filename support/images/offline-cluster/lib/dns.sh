# shellcheck shell=bash
# Cluster DNS: dnsmasq in a pod, under the names, labels and address that k3s gives to CoreDNS, so that what selects the one
# (a NetworkPolicy, a kubelet) finds the other. Calls to the API server as in node.sh.

DNS_IMAGE=securityspecs/cluster-dns:offline # as the Dockerfile names it

# deploy_dns: nothing waits for it: it comes up when the node is Ready.
deploy_dns() {
  [[ $CLUSTER_DNS == yes ]] || return 0
  local ns=api/v1/namespaces/kube-system rbac=apis/rbac.authorization.k8s.io/v1
  apply "$ns/serviceaccounts/coredns" 'apiVersion: v1, kind: ServiceAccount'
  apply "$rbac/clusterroles/system:coredns" "apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole,
    rules: [{apiGroups: [''], resources: [services, endpoints], verbs: [list, watch]}]"
  apply "$rbac/clusterrolebindings/system:coredns" 'apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding,
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:coredns},
    subjects: [{kind: ServiceAccount, name: coredns, namespace: kube-system}]'
  apply "$ns/services/kube-dns" "apiVersion: v1, kind: Service, $(dns_service)"
  apply "apis/apps/v1/namespaces/kube-system/deployments/coredns" "apiVersion: apps/v1, kind: Deployment, $(dns_deployment)"
}

# apply PATH YAML: the inside of a flow mapping, without the name, which is the path's end. Also on later boots.
apply() {
  local code
  code=$(api "/$1?fieldManager=k3s&force=true" -X PATCH -o /dev/null -w '%{http_code}' -H 'Content-Type: application/apply-patch+yaml' \
    --data-binary "{$2, metadata: {name: '${1##*/}', labels: {k8s-app: kube-dns, kubernetes.io/name: CoreDNS, kubernetes.io/cluster-service: 'true'}}}") ||
    die "the API server answered $code to ${1##*/v1/}"
}

dns_service() {
  cat <<END
spec: {
  clusterIP: ${SERVICE_CIDR%.*}.10,
  selector: {k8s-app: kube-dns},
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]}
END
}

dns_deployment() {
  cat <<END
spec: {
  replicas: 1,
  selector: {matchLabels: {k8s-app: kube-dns}},
  template: {
    metadata: {labels: {k8s-app: kube-dns}},
    spec: {
      serviceAccountName: coredns,
      priorityClassName: system-cluster-critical,
      dnsPolicy: Default, # the node's resolvers, for names outside the cluster
      nodeSelector: {kubernetes.io/os: linux},
      tolerations: [
        {key: CriticalAddonsOnly, operator: Exists},
        {key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule},
        {key: node-role.kubernetes.io/master, operator: Exists, effect: NoSchedule}],
      terminationGracePeriodSeconds: 1,
      containers: [{
        name: coredns,
        image: $DNS_IMAGE,
        imagePullPolicy: Never,
        args: [/run/dns],
        env: [{name: DOTNET_EnableDiagnostics, value: '0'}],
        ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53, protocol: TCP}],
        # It listens once it knows the cluster's names.
        startupProbe: {tcpSocket: {port: dns-tcp}, periodSeconds: 1, failureThreshold: 60},
        readinessProbe: {tcpSocket: {port: dns-tcp}, periodSeconds: 10},
        resources: {requests: {cpu: 20m, memory: 48Mi}, limits: {memory: 128Mi}},
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}},
        volumeMounts: [{name: files, mountPath: /run/dns}]}],
      volumes: [{name: files, emptyDir: {medium: Memory, sizeLimit: 16Mi}}]}}}
END
}
