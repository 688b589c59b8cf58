package main

import (
	eip "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2/model"
	vpc "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/vpc/v2/model"
)

// network is a VPC with a subnet.
type network struct{ id, subnet string }

func (c *clients) networks() []network {
	var made []network
	for _, n := range []struct{ name, cidr, subnet, gateway string }{
		{"office", "10.20.0.0/16", "10.20.1.0/24", "10.20.1.1"},
		{"plant", "10.30.0.0/16", "10.30.1.0/24", "10.30.1.1"},
	} {
		option := &vpc.CreateVpcOption{Name: ptr(n.name), Cidr: ptr(n.cidr), Description: ptr("by the SDK")}
		created := call(c.suite, c.vpc.CreateVpc, &vpc.CreateVpcRequest{Body: &vpc.CreateVpcRequestBody{Vpc: option}}, 200,
			want{"Vpc.Id": present, "Vpc.Name": n.name, "Vpc.Cidr": n.cidr, "Vpc.CreatedAt": present})
		if created.Vpc == nil {
			continue
		}
		id := created.Vpc.Id
		subnet := &vpc.CreateSubnetOption{Name: n.name, Cidr: n.subnet, GatewayIp: n.gateway, VpcId: id}
		added := call(c.suite, c.vpc.CreateSubnet, &vpc.CreateSubnetRequest{Body: &vpc.CreateSubnetRequestBody{Subnet: subnet}}, 200,
			want{"Subnet.Id": present, "Subnet.VpcId": id, "Subnet.GatewayIp": n.gateway})
		if added.Subnet != nil {
			made = append(made, network{id, added.Subnet.Id})
		}
	}
	for len(made) < 2 {
		made = append(made, network{})
	}
	office := made[0]
	renamed := &vpc.UpdateVpcRequest{VpcId: office.id, Body: &vpc.UpdateVpcRequestBody{Vpc: &vpc.UpdateVpcOption{Name: ptr("head-office")}}}
	call(c.suite, c.vpc.UpdateVpc, renamed, 200, want{"Vpc.Name": "head-office"})
	call(c.suite, c.vpc.ShowVpc, &vpc.ShowVpcRequest{VpcId: office.id}, 200, want{"Vpc.Name": "head-office", "Vpc.UpdatedAt": present})
	call(c.suite, c.vpc.ListVpcs, &vpc.ListVpcsRequest{}, 200, want{"Vpcs.#": 2})
	call(c.suite, c.vpc.ListVpcs, &vpc.ListVpcsRequest{Id: &office.id}, 200, want{"Vpcs.#": 1, "Vpcs.0.Id": office.id})
	call(c.suite, c.vpc.ShowSubnet, &vpc.ShowSubnetRequest{SubnetId: office.subnet}, 200, want{"Subnet.Cidr": "10.20.1.0/24"})
	call(c.suite, c.vpc.ListSubnets, &vpc.ListSubnetsRequest{VpcId: &office.id}, 200,
		want{"Subnets.#": 1, "Subnets.0.Id": office.subnet, "Subnets.0.NeutronSubnetId": office.subnet})
	return made
}

func (c *clients) removeNetworks(networks []network) {
	for _, n := range networks {
		call(c.suite, c.vpc.DeleteSubnet, &vpc.DeleteSubnetRequest{VpcId: n.id, SubnetId: n.subnet}, 204, nil)
		call(c.suite, c.vpc.DeleteVpc, &vpc.DeleteVpcRequest{VpcId: n.id}, 204, nil)
	}
	call(c.suite, c.vpc.ListVpcs, &vpc.ListVpcsRequest{}, 200, want{"Vpcs.#": 0})
}

// address registers a public address and gives its id.
func (c *clients) address(ip string) string {
	body := &eip.CreatePublicipRequestBody{
		Publicip: &eip.CreatePublicipOption{Type: "5_bgp", IpAddress: &ip, Alias: ptr("by the SDK")},
		Bandwidth: &eip.CreatePublicipBandwidthOption{
			Name: ptr("line"), Size: ptr(int32(5)), ShareType: eip.GetCreatePublicipBandwidthOptionShareTypeEnum().PER,
		},
	}
	created := call(c.suite, c.eip.CreatePublicip, &eip.CreatePublicipRequest{Body: body}, 200,
		want{"Publicip.Id": present, "Publicip.PublicIpAddress": ip, "Publicip.CreateTime": present})
	if created.Publicip == nil {
		return ""
	}
	return text(created.Publicip.Id)
}
