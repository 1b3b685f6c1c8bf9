package deploy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"
)

// cluster is what kubernetes.yaml asks for.
type cluster struct {
	Secret                core.Secret
	PersistentVolumeClaim core.PersistentVolumeClaim
	Deployment            apps.Deployment
	Service               core.Service
	PodDisruptionBudget   policy.PodDisruptionBudget
}

// read decodes every object, once each. Fields that the API does not have, and those that come twice, fail.
func read(t *testing.T) (c cluster) {
	t.Helper()
	into := map[string]any{
		"v1 Secret": &c.Secret, "v1 PersistentVolumeClaim": &c.PersistentVolumeClaim, "apps/v1 Deployment": &c.Deployment,
		"v1 Service": &c.Service, "policy/v1 PodDisruptionBudget": &c.PodDisruptionBudget,
	}
	for text := range strings.SplitSeq(example(t, "kubernetes.yaml"), "\n---\n") {
		var of struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal([]byte(text), &of); err != nil {
			t.Fatal(err)
		}
		object := into[of.APIVersion+" "+of.Kind]
		if object == nil {
			t.Fatalf("%s %s comes twice, or is not looked at", of.APIVersion, of.Kind)
		}
		delete(into, of.APIVersion+" "+of.Kind)
		if err := yaml.UnmarshalStrict([]byte(text), object); err != nil {
			t.Fatalf("%s: %v", of.Kind, err)
		}
	}
	if len(into) > 0 {
		t.Fatalf("missing are %v", into)
	}
	return c
}

// container is the only one of a pod.
func (c cluster) container(t *testing.T) core.Container {
	t.Helper()
	all := c.Deployment.Spec.Template.Spec.Containers
	if len(all) != 1 {
		t.Fatalf("a pod has %d containers", len(all))
	}
	return all[0]
}

func TestKubernetesSetsSettings(t *testing.T) {
	c := read(t)
	container := c.container(t)
	vars := map[string]string{}
	for _, v := range container.Env {
		vars[v.Name] = v.Value
	}
	for _, from := range container.EnvFrom {
		if from.SecretRef.Name != c.Secret.Name || from.Prefix != "" {
			t.Errorf("there is no secret %s", from.SecretRef.Name)
		}
		for name, value := range c.Secret.StringData {
			vars[name] = value
		}
	}
	// Two pods that start at once are not to make a secret each: without one that was put in, none starts.
	if placeholder := vars["REFRESH_TOKEN_SECRET"]; placeholder == "" || len(placeholder) >= 32 {
		t.Errorf("with the secret %q, pods start", placeholder)
	}
	vars["REFRESH_TOKEN_SECRET"] = strings.Repeat("secret", 6)
	holds := wantSettings(t, vars)
	if *c.Deployment.Spec.Replicas < 2 {
		t.Errorf("there are %d processes", *c.Deployment.Spec.Replicas)
	}
	for _, name := range []string{"USER_STORE", "TOKEN_STORE"} {
		if !strings.Contains(holds[name], "://") {
			t.Errorf("%s is %s, which the processes do not share", name, holds[name])
		}
	}
	for _, name := range []string{"USER_STORE", "TOKEN_STORE", "REFRESH_TOKEN_SECRET"} {
		if _, ok := c.Secret.StringData[name]; !ok {
			t.Errorf("%s may hold a secret, and has no place in the Secret", name)
		}
	}
}

// TestPodsHaveNoRights: nobody's user, nothing to write to but the data, and no word with the cluster.
func TestPodsHaveNoRights(t *testing.T) {
	c := read(t)
	pod, container := c.Deployment.Spec.Template.Spec, c.container(t)
	for what, ok := range map[string]bool{
		"runs as root":                    *pod.SecurityContext.RunAsNonRoot && *pod.SecurityContext.RunAsUser != 0,
		"has a writable root":             *container.SecurityContext.ReadOnlyRootFilesystem,
		"may gain rights":                 !*container.SecurityContext.AllowPrivilegeEscalation,
		"has capabilities":                slices.Equal(container.SecurityContext.Capabilities.Drop, []core.Capability{"ALL"}),
		"has system calls":                pod.SecurityContext.SeccompProfile.Type == core.SeccompProfileTypeRuntimeDefault,
		"has an account of the cluster's": !*pod.AutomountServiceAccountToken,
		"writes elsewhere": len(container.VolumeMounts) == 1 && container.VolumeMounts[0].MountPath == "/data" &&
			pod.Volumes[0].PersistentVolumeClaim.ClaimName == c.PersistentVolumeClaim.Name,
	} {
		if !ok {
			t.Errorf("a pod %s", what)
		}
	}
}

// TestTheServiceIsThePublicPort alone, of the pods that are ready.
func TestTheServiceIsThePublicPort(t *testing.T) {
	c := read(t)
	container := c.container(t)
	usual := wantSettings(t, nil) // of which the example changes neither
	if len(container.Ports) != 1 || fmt.Sprint(container.Ports[0].ContainerPort) != usual["PORT"] {
		t.Errorf("the ports are %+v; the service listens at %s", container.Ports, usual["PORT"])
	}
	if !strings.HasPrefix(usual["OPERATOR_ADDR"], "127.0.0.1:") {
		t.Errorf("the operator's port can be reached at %s", usual["OPERATOR_ADDR"])
	}
	for _, v := range container.Env {
		if v.Name == "PORT" || v.Name == "OPERATOR_ADDR" {
			t.Errorf("%s is set", v.Name)
		}
	}
	if ports := c.Service.Spec.Ports; len(ports) != 1 || ports[0].TargetPort.StrVal != container.Ports[0].Name || c.Service.Spec.Type != "" {
		t.Errorf("the service has the ports %+v", ports)
	}
	for probe, path := range map[*core.Probe]string{
		container.StartupProbe: "/healthz", container.LivenessProbe: "/healthz", container.ReadinessProbe: "/readyz",
	} {
		if probe == nil || probe.HTTPGet.Path != path || probe.HTTPGet.Port.StrVal != container.Ports[0].Name {
			t.Errorf("what asks for %s is %+v", path, probe)
		}
	}
}

func TestTheLabelsFit(t *testing.T) {
	c := read(t)
	pods := labels.Set(c.Deployment.Spec.Template.Labels)
	for what, selector := range map[string]map[string]string{
		"Deployment": c.Deployment.Spec.Selector.MatchLabels, "Service": c.Service.Spec.Selector,
		"PodDisruptionBudget": c.PodDisruptionBudget.Spec.Selector.MatchLabels,
	} {
		if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(pods) {
			t.Errorf("the %s selects %v, and not the pods, which are %v", what, selector, pods)
		}
	}
	if c.PodDisruptionBudget.Spec.MinAvailable.IntVal >= *c.Deployment.Spec.Replicas {
		t.Error("no pod may ever be moved")
	}
}

// TestLimitsFitTheHashes: there are as many hash threads as whole processors in the limit, rounded down, so that a
// fraction would be for nothing; and each takes 19 MiB, beside a picture that takes 300.
func TestLimitsFitTheHashes(t *testing.T) {
	limits := read(t).container(t).Resources.Limits
	threads := limits.Cpu().Value()
	if threads < 1 || limits.Cpu().MilliValue() != 1000*threads {
		t.Errorf("the limit is %s processors", limits.Cpu())
	}
	if need := (64 + 300 + 19*threads) << 20; limits.Memory().Value() < need {
		t.Errorf("the limit is %s of memory, want %d", limits.Memory(), need)
	}
}
