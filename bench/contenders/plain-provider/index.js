'use strict';

const { IoTClient, DeleteJobCommand, DescribeJobCommand } = require('@aws-sdk/client-iot');

const iot = new IoTClient();

exports.onEvent = async (event) => {
  const { jobId } = event.ResourceProperties;
  if (event.RequestType === 'Delete') {
    try {
      await iot.send(new DeleteJobCommand({ jobId, force: true }));
    } catch (error) {
      if (error.name !== 'ResourceNotFoundException') {
        throw error;
      }
    }
  }
  return { PhysicalResourceId: jobId };
};

exports.isComplete = async (event) => {
  if (event.RequestType !== 'Delete') {
    return { IsComplete: true };
  }
  try {
    await iot.send(new DescribeJobCommand({ jobId: event.ResourceProperties.jobId }));
    return { IsComplete: false };
  } catch (error) {
    if (error.name === 'ResourceNotFoundException') {
      return { IsComplete: true };
    }
    throw error;
  }
};
