# shellcheck shell=bash
# The container runtime and the images that it starts with.

CONTAINERD_SOCKET=$RUN/containerd/containerd.sock
PAUSE_IMAGE=rancher/mirrored-pause:3.6

# start_containerd: containerd, and the import of images beside everything else; await_images waits for the import.
start_containerd() {
  containerd_config >"$RUN/containerd.toml"
  start containerd containerd -c "$RUN/containerd.toml"
  # Where kubelets look that know no flag for it (--containerd of 1.20 is on its way out).
  mkdir -p /run/containerd && ln -sfn "$CONTAINERD_SOCKET" /run/containerd/containerd.sock
  import_images &
  IMPORT=$!
}

await_images() { wait "$IMPORT"; }

# Like k3s: every archive in agent/images is imported at each start.
import_images() {
  local archive
  until ctr version >/dev/null 2>&1; do sleep .1; done
  for archive in /usr/share/k3s/images/*.tar "$AGENT"/images/*.tar "$AGENT"/images/*.tar.gz; do
    [[ -f $archive ]] || continue
    ctr images import "$archive" >>"$LOGS/images.log" 2>&1 || log "image archive $archive was not imported: $(tail -n 1 "$LOGS/images.log")"
  done
}

containerd_config() {
  cat <<END
version = 2
root = "$AGENT/containerd"
state = "$RUN/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  stream_server_address = "127.0.0.1"
  stream_server_port = "10010"
  restrict_oom_score_adj = true # lowering it takes CAP_SYS_RESOURCE
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/k3s/cni"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "crun" # does what runc does in half of the processor time, which hundreds of pods on two cores feel
END
}
