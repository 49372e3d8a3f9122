import type { ApiRequest, ApiResponse, ServiceError } from './api';
import { type XmlContent, xmlElement } from './xml';

/** In this protocol some errors, which every service has, are called otherwise than in the JSON protocols. */
const queryCodes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ExpiredTokenException: 'ExpiredToken',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  RequestEntityTooLargeException: 'RequestEntityTooLarge',
  ThrottlingException: 'Throttling',
};

/** The parameters of a request in the AWS Query protocol; `Action` says which operation it is for. */
export function queryParameters(request: Pick<ApiRequest, 'body' | 'query'>): URLSearchParams {
  return request.body ? new URLSearchParams(request.body) : request.query;
}

/** An operation's result as the AWS Query protocol has it. */
export function queryResponse(
  operation: string,
  result: XmlContent,
  requestId: string,
  xmlNamespace: string,
): ApiResponse {
  const content = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xmlResponse(200, `${operation}Response`, content, xmlNamespace);
}

/** An error as the AWS Query protocol has it. */
export function queryErrorResponse(error: ServiceError, requestId: string, xmlNamespace: string): ApiResponse {
  const { code, status, message } = error;
  const type = status < 500 ? 'Sender' : 'Receiver';
  const content = { Error: { Type: type, Code: queryCodes[code] ?? code, Message: message }, RequestId: requestId };
  return xmlResponse(status, 'ErrorResponse', content, xmlNamespace);
}

function xmlResponse(status: number, name: string, content: XmlContent, xmlNamespace: string): ApiResponse {
  const body = xmlElement(name, content, ` xmlns="${xmlNamespace}"`);
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
