@control:prometheus
Feature: Prometheus access
  Why: Prometheus holds all metrics of the fleet and does not authenticate its callers. Whoever reaches port 9090 may
  run queries, and also reads which targets are scraped with which credentials, which flags are set, and the memory of
  the process (/debug/pprof, which no flag switches off). Three flags make it worse: with --web.enable-lifecycle anybody
  can stop it, with --web.enable-admin-api anybody can delete its data, and with --web.enable-remote-write-receiver
  anybody can write values that nobody measured.

  How it is proven: fleet-fixtures/workloads/prometheus.yaml sets none of these flags, and
  fleet-fixtures/controls/metrics-network.yaml lets only the monitoring namespace reach Prometheus. Allowed: a scraper
  in the monitoring namespace. Denied: a tenant's client, and each attack that needs a flag. Exposed: a stray policy
  admits a tenant, and a second Prometheus runs with the flags. Closed: the stray policy is removed, and the platform's
  Prometheus still refuses the attacks. It is the real Prometheus. Where images cannot be pulled it is Debian's, which
  is built without Kubernetes discovery: a container beside it finds the same targets with the same account.

  Not proven here: That everyone who may query Prometheus should see all that it holds. Prometheus has one entrance to
  all tenants' metrics. To let tenants see only their own, put a proxy in front that rewrites their queries.

  Rule: Only the monitoring namespace reaches Prometheus over the network.

    @gpus:1 @needs:network-policy @needs:prometheus
    Scenario: A tenant that reaches Prometheus learns about the whole fleet
      Given tenants "blue" and "green"
      And a scraper runs in the namespace of Prometheus
      And tenant "blue" runs a client
      When tenant "green" runs a pod with 1 GPU
      Then Prometheus shows the GPU of that pod under tenant "green" only
      And connections to the platform's Prometheus:
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | no      |
        | the client of tenant "blue" | its service | no      |
        | the scraper                 | its pod IP  | yes     |
        | the scraper                 | its service | yes     |
      When a stray network policy admits tenant "blue" to the platform's Prometheus
      Then connections to the platform's Prometheus:
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | yes     |
        | the client of tenant "blue" | its service | yes     |
      And tenant "blue" learns from Prometheus
        | at                                                                                           | learns                                    |
        | /api/v1/query?query=count by (namespace,pod,UUID,Hostname) (DCGM_FI_DEV_GPU_UTIL{pod!=""})   | whose pod holds which GPU on which host   |
        | /api/v1/query?query=up                                                                       | the addresses of the exporters            |
        | /api/v1/status/config                                                                        | what it scrapes, and by which credentials |
        | /api/v1/status/flags                                                                         | which doors its flags open                |
        | /debug/pprof/cmdline                                                                         | its command line                          |
        | /debug/pprof/heap?debug=1                                                                    | its memory, at the cost of its time       |
        | /federate?match[]={__name__=~"DCGM_.*"}                                                      | all series at once                        |
        | /api/v1/targets?state=active&scrapePool=dcgm-exporter                                        | the addresses of the exporters            |
      When the policy is removed
      Then connections to the platform's Prometheus:
        | from                        | to          | allowed |
        | the client of tenant "blue" | its pod IP  | no      |
        | the client of tenant "blue" | its service | no      |
        | the scraper                 | its pod IP  | yes     |

  Rule: Prometheus runs without flags that let callers stop it, delete its data or write to it.

    @needs:prometheus
    Scenario: Only a Prometheus with --web.enable-lifecycle lets a caller reload its configuration and stop it
      Then a caller of the platform's Prometheus cannot make it reload its configuration
      And a caller of the platform's Prometheus cannot stop it
      When a second Prometheus runs with the arguments "--web.enable-lifecycle"
      Then a caller of the second Prometheus can make it reload its configuration
      And a caller of the second Prometheus can stop it
      And a caller of the platform's Prometheus cannot make it reload its configuration
      And a caller of the platform's Prometheus cannot stop it

    @needs:prometheus
    Scenario: Only a Prometheus with --web.enable-admin-api lets a caller copy and delete its data
      The flag --web.enable-remote-write-receiver opens neither, as the next scenario shows. It only lets this scenario write
      a series to be deleted.

      Then a caller of the platform's Prometheus cannot copy all of its series
      And a caller of the platform's Prometheus cannot delete its data
      When a second Prometheus runs with the arguments "--web.enable-admin-api --web.enable-remote-write-receiver"
      Then a caller of the second Prometheus can write a series that nobody measured
      And a caller of the second Prometheus can copy all of its series
      And a caller of the second Prometheus can delete its data
      And a caller of the platform's Prometheus cannot copy all of its series
      And a caller of the platform's Prometheus cannot delete its data

    @needs:prometheus
    Scenario: Only a Prometheus with --web.enable-remote-write-receiver accepts a series that nobody measured
      Then a caller of the platform's Prometheus cannot write a series that nobody measured
      When a second Prometheus runs with the arguments "--web.enable-remote-write-receiver"
      Then a caller of the second Prometheus can write a series that nobody measured
      But a caller of the second Prometheus cannot copy all of its series
      And a caller of the second Prometheus cannot delete its data
      And a caller of the platform's Prometheus cannot write a series that nobody measured

  Rule: Prometheus looks for targets in one namespace and by label, and believes no label that a target sends.

    Scenario: The configuration names every target, and shows the account's token to kubelets only
      Given tenant "blue"
      Then the configuration of the workload "prometheus" is exactly:
        | setting                                                                   | value                                                       |
        | global.scrape_interval                                                    | 1s                                                          |
        | global.scrape_timeout                                                     | 1s                                                          |
        | scrape_configs[dcgm-exporter].kubernetes_sd_configs[0].role               | pod                                                         |
        | scrape_configs[dcgm-exporter].kubernetes_sd_configs[0].namespaces.names   | fleet                                                       |
        | scrape_configs[dcgm-exporter].kubernetes_sd_configs[0].selectors[0].role  | pod                                                         |
        | scrape_configs[dcgm-exporter].kubernetes_sd_configs[0].selectors[0].label | app.kubernetes.io/name=dcgm-exporter                        |
        | scrape_configs[dcgm-exporter].honor_labels                                | false                                                       |
        | scrape_configs[dcgm-exporter].relabel_configs[0].source_labels            | __meta_kubernetes_pod_container_port_name                   |
        | scrape_configs[dcgm-exporter].relabel_configs[0].regex                    | metrics                                                     |
        | scrape_configs[dcgm-exporter].relabel_configs[0].action                   | keep                                                        |
        | scrape_configs[dcgm-exporter].relabel_configs[1].source_labels            | __meta_kubernetes_pod_label_app_kubernetes_io_instance      |
        | scrape_configs[dcgm-exporter].relabel_configs[1].target_label             | exporter                                                    |
        | scrape_configs[kubelet].metrics_path                                      | /metrics/resource                                           |
        | scrape_configs[kubelet].scrape_interval                                   | 5s                                                          |
        | scrape_configs[kubelet].scrape_timeout                                    | 5s                                                          |
        | scrape_configs[kubelet].kubernetes_sd_configs[0].role                     | node                                                        |
        | scrape_configs[kubelet].kubernetes_sd_configs[0].selectors[0].role        | node                                                        |
        | scrape_configs[kubelet].kubernetes_sd_configs[0].selectors[0].label       | security.specs/real-gpu-node                                |
        | scrape_configs[kubelet].scheme                                            | https                                                       |
        | scrape_configs[kubelet].authorization.credentials_file                    | /var/run/secrets/kubernetes.io/serviceaccount/token         |
        | scrape_configs[kubelet].tls_config.insecure_skip_verify                   | true                                                        |
        | scrape_configs[kubelet].metric_relabel_configs[0].source_labels           | __name__                                                    |
        | scrape_configs[kubelet].metric_relabel_configs[0].regex                   | node_cpu_usage_seconds_total\|node_memory_working_set_bytes |
        | scrape_configs[kubelet].metric_relabel_configs[0].action                  | keep                                                        |
