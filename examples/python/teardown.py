from aws_cdk import App, Stack
from aws_cdk.aws_iot import CfnThingGroup
from cdk_iot_job_deletion import JobDeletion, JobSelection, JobSweep

app = App()
stack = Stack(app, "Greenhouses")
fleet = CfnThingGroup(stack, "Fleet", thing_group_name="greenhouses")
JobDeletion(stack, "Teardown", job_id="ota-2026-11", force=True, delete_before=[fleet])
JobSweep(stack, "Rollouts", jobs=JobSelection.targeting(fleet), force=True)
app.synth()
