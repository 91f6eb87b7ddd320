// Field numbers of the messages that kubectl writes as protobuf: each line a message by client-node's name, then its
// fields, numbered from 1 on; `3:name` sets the number. Facts of the public wire format (the API's .proto files).

const table = `
V1DeleteOptions gracePeriodSeconds preconditions orphanDependents propagationPolicy dryRun
V1LabelSelector matchLabels matchExpressions
V1LabelSelectorRequirement key operator values
V1ObjectMeta name generateName namespace selfLink uid resourceVersion generation creationTimestamp
  deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences finalizers
V1OwnerReference kind 3:name uid apiVersion controller blockOwnerDeletion
V1Preconditions uid resourceVersion
AuthenticationV1TokenRequest metadata spec
CoreV1ResourceClaim name request
EphemeralContainerCommon name image command args workingDir ports env resources volumeMounts livenessProbe
  readinessProbe lifecycle terminationMessagePath imagePullPolicy securityContext stdin stdinOnce tty
  envFrom terminationMessagePolicy volumeDevices startupProbe resizePolicy restartPolicy
  restartPolicyRules
IngressRuleValue http
ProbeHandler exec httpGet tcpSocket grpc
RbacV1Subject kind apiGroup name namespace
V1Affinity nodeAffinity podAffinity podAntiAffinity
V1AggregationRule clusterRoleSelectors
V1AppArmorProfile type localhostProfile
V1BoundObjectReference kind apiVersion name uid
V1CSIVolumeSource driver readOnly fsType volumeAttributes nodePublishSecretRef
V1Capabilities add drop
V1ClientIPConfig timeoutSeconds
V1ClusterRole metadata rules aggregationRule
V1ClusterRoleBinding metadata subjects roleRef
V1ConfigMap metadata data binaryData immutable
V1ConfigMapEnvSource localObjectReference optional
V1ConfigMapKeySelector localObjectReference key optional
V1ConfigMapProjection localObjectReference items 4:optional
V1ConfigMapVolumeSource localObjectReference items defaultMode optional
V1Container name image command args workingDir ports env resources volumeMounts livenessProbe readinessProbe
  lifecycle terminationMessagePath imagePullPolicy securityContext stdin stdinOnce tty envFrom
  terminationMessagePolicy volumeDevices startupProbe resizePolicy restartPolicy restartPolicyRules
V1ContainerPort name hostPort containerPort protocol hostIP
V1ContainerResizePolicy resourceName restartPolicy
V1ContainerRestartRule action exitCodes
V1ContainerRestartRuleOnExitCodes operator values
V1CronJob metadata spec
V1CronJobSpec schedule startingDeadlineSeconds concurrencyPolicy suspend jobTemplate
  successfulJobsHistoryLimit failedJobsHistoryLimit timeZone
V1CrossVersionObjectReference kind name apiVersion
V1Deployment metadata spec
V1DeploymentSpec replicas selector template strategy minReadySeconds revisionHistoryLimit paused
  9:progressDeadlineSeconds
V1DeploymentStrategy type rollingUpdate
V1DownwardAPIProjection items
V1DownwardAPIVolumeFile path fieldRef resourceFieldRef mode
V1DownwardAPIVolumeSource items defaultMode
V1EmptyDirVolumeSource medium sizeLimit
V1EnvFromSource prefix configMapRef secretRef
V1EnvVar name value valueFrom
V1EnvVarSource fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef
V1EphemeralContainer ephemeralContainerCommon targetContainerName
V1EphemeralVolumeSource volumeClaimTemplate
V1Eviction metadata deleteOptions
V1ExecAction command
V1FieldSelectorAttributes rawSelector requirements
V1FileKeySelector volumeName path key optional
V1GRPCAction port service
V1HTTPGetAction path port host scheme httpHeaders
V1HTTPHeader name value
V1HTTPIngressPath path backend pathType
V1HTTPIngressRuleValue paths
V1HorizontalPodAutoscaler metadata spec
V1HorizontalPodAutoscalerSpec scaleTargetRef minReplicas maxReplicas targetCPUUtilizationPercentage
V1HostAlias ip hostnames
V1HostPathVolumeSource path type
V1Ingress metadata spec
V1IngressBackend 3:resource service
V1IngressRule host ingressRuleValue
V1IngressServiceBackend name port
V1IngressSpec defaultBackend tls rules ingressClassName
V1IngressTLS hosts secretName
V1Job metadata spec
V1JobSpec parallelism completions activeDeadlineSeconds selector manualSelector template backoffLimit
  ttlSecondsAfterFinished completionMode suspend podFailurePolicy backoffLimitPerIndex maxFailedIndexes
  podReplacementPolicy managedBy successPolicy
V1JobTemplateSpec metadata spec
V1KeyToPath key path mode
V1LabelSelectorAttributes rawSelector requirements
V1Lifecycle postStart preStop stopSignal
V1LifecycleHandler exec httpGet tcpSocket sleep
V1LocalObjectReference name
V1LocalSubjectAccessReview metadata spec
V1NFSVolumeSource server path readOnly
V1Namespace metadata spec
V1NamespaceSpec finalizers
V1NodeAffinity requiredDuringSchedulingIgnoredDuringExecution
  preferredDuringSchedulingIgnoredDuringExecution
V1NodeSelector nodeSelectorTerms
V1NodeSelectorRequirement key operator values
V1NodeSelectorTerm matchExpressions matchFields
V1NonResourceAttributes path verb
V1ObjectFieldSelector apiVersion fieldPath
V1ObjectReference kind namespace name uid apiVersion resourceVersion fieldPath
V1PersistentVolumeClaimSpec accessModes resources volumeName selector storageClassName volumeMode
  dataSource dataSourceRef volumeAttributesClassName
V1PersistentVolumeClaimTemplate metadata spec
V1PersistentVolumeClaimVolumeSource claimName readOnly
V1Pod metadata spec
V1PodAffinity requiredDuringSchedulingIgnoredDuringExecution
  preferredDuringSchedulingIgnoredDuringExecution
V1PodAffinityTerm labelSelector namespaces topologyKey namespaceSelector matchLabelKeys mismatchLabelKeys
V1PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution
  preferredDuringSchedulingIgnoredDuringExecution
V1PodDNSConfig nameservers searches options
V1PodDNSConfigOption name value
V1PodDisruptionBudget metadata spec
V1PodDisruptionBudgetSpec minAvailable selector maxUnavailable unhealthyPodEvictionPolicy
V1PodFailurePolicy rules
V1PodFailurePolicyOnExitCodesRequirement containerName operator values
V1PodFailurePolicyOnPodConditionsPattern type
V1PodFailurePolicyRule action onExitCodes onPodConditions
V1PodOS name
V1PodReadinessGate conditionType
V1PodResourceClaim name 3:resourceClaimName resourceClaimTemplateName
V1PodSchedulingGate name
V1PodSecurityContext seLinuxOptions runAsUser runAsNonRoot supplementalGroups fsGroup runAsGroup sysctls
  windowsOptions fsGroupChangePolicy seccompProfile appArmorProfile supplementalGroupsPolicy
  seLinuxChangePolicy
V1PodSpec volumes containers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy
  nodeSelector serviceAccountName serviceAccount nodeName hostNetwork hostPID hostIPC securityContext
  imagePullSecrets hostname subdomain affinity schedulerName initContainers automountServiceAccountToken
  tolerations hostAliases priorityClassName priority dnsConfig shareProcessNamespace readinessGates
  runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints
  ephemeralContainers setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources
  hostnameOverride
V1PodTemplateSpec metadata spec
V1PolicyRule verbs apiGroups resources resourceNames nonResourceURLs
V1PreferredSchedulingTerm weight preference
V1PriorityClass metadata value globalDefault description preemptionPolicy
V1Probe handler initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
  terminationGracePeriodSeconds
V1ProjectedVolumeSource sources defaultMode
V1ResourceAttributes namespace verb group version resource subresource name fieldSelector labelSelector
V1ResourceFieldSelector containerName resource divisor
V1ResourceQuota metadata spec
V1ResourceQuotaSpec hard scopes scopeSelector
V1ResourceRequirements limits requests claims
V1Role metadata rules
V1RoleBinding metadata subjects roleRef
V1RoleRef apiGroup kind name
V1RollingUpdateDeployment maxUnavailable maxSurge
V1SELinuxOptions user role type level
V1ScopeSelector matchExpressions
V1ScopedResourceSelectorRequirement scopeName operator values
V1SeccompProfile type localhostProfile
V1Secret metadata data type stringData immutable
V1SecretEnvSource localObjectReference optional
V1SecretKeySelector localObjectReference key optional
V1SecretProjection localObjectReference items 4:optional
V1SecretVolumeSource secretName items defaultMode optional
V1SecurityContext capabilities privileged seLinuxOptions runAsUser runAsNonRoot readOnlyRootFilesystem
  allowPrivilegeEscalation runAsGroup procMount windowsOptions seccompProfile appArmorProfile
V1SelfSubjectAccessReview metadata spec
V1SelfSubjectAccessReviewSpec resourceAttributes nonResourceAttributes
V1SelfSubjectReview metadata
V1SelfSubjectRulesReview metadata spec
V1SelfSubjectRulesReviewSpec namespace
V1Service metadata spec
V1ServiceAccount metadata secrets imagePullSecrets automountServiceAccountToken
V1ServiceAccountTokenProjection audience expirationSeconds path
V1ServiceBackendPort name number
V1ServicePort name protocol port targetPort nodePort appProtocol
V1ServiceSpec ports selector clusterIP type externalIPs 7:sessionAffinity loadBalancerIP
  loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses
  sessionAffinityConfig 17:ipFamilyPolicy clusterIPs ipFamilies allocateLoadBalancerNodePorts
  loadBalancerClass internalTrafficPolicy trafficDistribution
V1SessionAffinityConfig clientIP
V1SleepAction seconds
V1SubjectAccessReview metadata spec
V1SubjectAccessReviewSpec resourceAttributes nonResourceAttributes user groups extra uid
V1SuccessPolicy rules
V1SuccessPolicyRule succeededIndexes succeededCount
V1Sysctl name value
V1TCPSocketAction port host
V1TokenRequestSpec audiences 3:boundObjectRef expirationSeconds
V1TokenReview metadata spec
V1TokenReviewSpec token audiences
V1Toleration key operator value effect tolerationSeconds
V1TopologySpreadConstraint maxSkew topologyKey whenUnsatisfiable labelSelector minDomains
  nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys
V1TypedLocalObjectReference apiGroup kind name
V1TypedObjectReference apiGroup kind name namespace
V1Volume name volumeSource
V1VolumeDevice name devicePath
V1VolumeMount name readOnly mountPath subPath mountPropagation subPathExpr recursiveReadOnly
V1VolumeProjection secret downwardAPI configMap serviceAccountToken
V1VolumeResourceRequirements limits requests
V1WeightedPodAffinityTerm weight podAffinityTerm
V1WindowsSecurityContextOptions gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess
V2ContainerResourceMetricSource name target container
V2CrossVersionObjectReference kind name apiVersion
V2ExternalMetricSource metric target
V2HPAScalingPolicy type value periodSeconds
V2HPAScalingRules selectPolicy policies stabilizationWindowSeconds tolerance
V2HorizontalPodAutoscaler metadata spec
V2HorizontalPodAutoscalerBehavior scaleUp scaleDown
V2HorizontalPodAutoscalerSpec scaleTargetRef minReplicas maxReplicas metrics behavior
V2MetricIdentifier name selector
V2MetricSpec type object pods resource external 7:containerResource
V2MetricTarget type value averageValue averageUtilization
V2ObjectMetricSource describedObject target metric
V2PodsMetricSource metric target
V2ResourceMetricSource name target
VolumeSource hostPath emptyDir 6:secret nfs 10:persistentVolumeClaim 16:downwardAPI 19:configMap
  26:projected 28:csi ephemeral
`;

/** Message → number → field. */
export const protobufFields: ReadonlyMap<string, ReadonlyMap<number, string>> = readTable();

function readTable(): Map<string, Map<number, string>> {
  const messages = new Map<string, Map<number, string>>();
  for (const line of table.replaceAll('\n  ', ' ').trim().split('\n')) {
    const [message = '', ...words] = line.split(' ').filter(Boolean);
    const fields = new Map<number, string>();
    let number = 0;
    for (const word of words) {
      const colon = word.indexOf(':');
      number = colon < 0 ? number + 1 : Number(word.slice(0, colon));
      fields.set(number, word.slice(colon + 1));
    }
    messages.set(message, fields);
  }
  return messages;
}
