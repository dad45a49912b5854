/** The image of the payment handler: bundled beforehand and shipped in the package, so that nothing is built at synth. */
import * as path from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Asset } from '../contract';

/** Docker is needed when the app is deployed, as for any image asset, and builds for this architecture, not for the host's. */
export function handlerImage(architecture: ecs.CpuArchitecture): ecs.ContainerImage {
  const isArm = architecture._cpuArchitecture === ecs.CpuArchitecture.ARM64._cpuArchitecture;
  return ecs.ContainerImage.fromAsset(path.join(__dirname, '..', '..', 'assets', Asset.HANDLER_DIRECTORY), {
    platform: isArm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
}
