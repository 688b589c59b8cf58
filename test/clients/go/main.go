// Calls every operation of the official Go SDK's DNS client against a running service, and those of its VPC and EIP clients that
// DNS needs, as a program of a user does: credentials, regions and the identity service come from the SDK's own environment.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	dns "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2"
	dnsregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/region"
	eip "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2"
	eipregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2/region"
	vpc "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2"
	vpcregion "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2/region"
)

// clients are those of one account, in one region.
type clients struct {
	*suite
	dns    *dns.DnsClient
	vpc    *vpc.VpcClient
	eip    *eip.EipClient
	region string
}

func main() {
	s := newSuite()
	// No project id anywhere: the SDK asks the identity service for the project of the region.
	own := connect(s, nil)
	other := connect(s, basic.NewCredentialsBuilder().WithAk(env("OTHER_AK")).WithSk(env("OTHER_SK")).Build())

	own.apiDocuments()
	networks := own.networks()
	own.publicZones()
	own.privateZones(networks)
	own.recordSets()
	own.recordSetsWithLine()
	own.batches()
	own.zoneTask()
	own.operationTasks(env("OTHER_DOMAIN_ID"))
	own.lines()
	own.tags()
	own.ptrs()
	own.resolver(networks)
	own.owners(other)
	own.removeNetworks(networks)

	for _, name := range s.missing(own.dns) {
		s.note(name, "never called")
	}
	if failed := s.print(); failed > 0 {
		fmt.Printf("%d failed\n", failed)
		os.Exit(1)
	}
}

// connect makes the clients; without credentials the SDK takes those of the environment.
func connect(s *suite, credentials *basic.Credentials) *clients {
	id := env("REGION")
	prepare := func(builder *core.HcHttpClientBuilder, valueOf func(string) (*region.Region, error)) *core.HcHttpClient {
		place, err := valueOf(id)
		stopOn(err)
		builder = builder.WithRegion(place)
		if credentials != nil {
			builder = builder.WithCredential(credentials)
		}
		client, err := builder.SafeBuild()
		stopOn(err)
		return client
	}
	return &clients{
		suite:  s,
		region: id,
		dns:    dns.NewDnsClient(prepare(dns.DnsClientBuilder(), dnsregion.SafeValueOf)),
		vpc:    vpc.NewVpcClient(prepare(vpc.VpcClientBuilder(), vpcregion.SafeValueOf)),
		eip:    eip.NewEipClient(prepare(eip.EipClientBuilder(), eipregion.SafeValueOf)),
	}
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// until repeats a look at something until it is so, for five seconds at most.
func until(isSo func() bool) {
	for end := time.Now().Add(5 * time.Second); !isSo() && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// named gives a zone name of this run and part; parts do not share zones.
func named(label string) string { return strings.ToLower(label) + ".go-sdk.example." }
