#!/usr/bin/env node
import * as cdk from 'aws-cdk-lib';
import { FirmwareStack } from '../lib/firmware-stack';
import { NetworkStack } from '../lib/network-stack';

const app = new cdk.App();
const network = new NetworkStack(app, 'GreenhouseNetwork');
new FirmwareStack(app, 'GreenhouseFirmware', { vpc: network.vpc });
